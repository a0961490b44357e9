"""Unit tests of the chart: what is rendered for which values, and that Kubernetes would take it."""

import json
import os
import pathlib
import subprocess
import unittest

import jsonschema
import kubernetes_validate
import yaml

CHART = pathlib.Path(__file__).resolve().parent.parent
PROFILES = sorted((CHART / "ci").glob("*-values.yaml"))
HELM = os.environ.get("HELM", "helm")
# The oldest that the chart admits, one of today, and the newest that schemas are here for.
VERSIONS = ["1.27", "1.31", kubernetes_validate.latest_version().rsplit(".", 1)[0]]
SECRET = ["postgres.host=db", "postgres.secret.name=secret"]


# Of the Prometheus operator 0.93.0, without descriptions.
SERVICE_MONITOR = json.loads((CHART / "tests" / "schemas" / "servicemonitor-v1.json").read_text())


def closed(schema):
    """The schema, with fields that it does not name refused, as Kubernetes does when it is asked to be strict."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


def helm(*arguments):
    return subprocess.run([HELM, *arguments], capture_output=True, text=True)


def render(*settings, profile=None, version="1.31"):
    arguments = ["template", "test", str(CHART), "--namespace", "events", "--kube-version", version + ".0"]
    if profile:
        arguments += ["--values", str(profile)]
    for setting in settings:
        arguments += ["--set", setting]
    result = helm(*arguments)
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return [each for each in yaml.safe_load_all(result.stdout) if each]


def one(manifests, kind, name):
    found = [m for m in manifests if m["kind"] == kind and m["metadata"]["name"] == name]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} of {kind} {name} among {[(m['kind'], m['metadata']['name']) for m in manifests]}")
    return found[0]


def container(manifest):
    return manifest["spec"]["template"]["spec"]["containers"][0]


def environment(manifest):
    return {each["name"]: each.get("value") for each in container(manifest)["env"]}


class EveryProfile(unittest.TestCase):
    def test_lints(self):
        self.assertGreaterEqual(len(PROFILES), 3)
        for profile in PROFILES:
            with self.subTest(profile=profile.name):
                result = helm("lint", str(CHART), "--strict", "--kube-version", "1.31.0", "--values", str(profile))
                self.assertEqual(0, result.returncode, result.stdout + result.stderr)

    def test_is_taken_by_kubernetes(self):
        for profile in PROFILES:
            for version in VERSIONS:
                for manifest in render(profile=profile, version=version):
                    with self.subTest(profile=profile.name, version=version, kind=manifest["kind"]):
                        if manifest["kind"] == "ServiceMonitor":
                            jsonschema.validate(manifest, closed(SERVICE_MONITOR))
                        else:
                            kubernetes_validate.validate(manifest, version, strict=True)

    def test_a_service_monitor_with_a_slip_is_not_taken(self):
        monitor = one(render(*SECRET, "serviceMonitor.enabled=true"), "ServiceMonitor", "test-fleuve")
        monitor["spec"]["endpoints"][0]["relabelling"] = []
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(monitor, closed(SERVICE_MONITOR))

    def test_pods_are_locked_down_bounded_and_probed(self):
        for profile in PROFILES:
            for manifest in render(profile=profile):
                if manifest["kind"] not in ("Deployment", "StatefulSet"):
                    continue
                with self.subTest(profile=profile.name, name=manifest["metadata"]["name"]):
                    pod = manifest["spec"]["template"]["spec"]
                    self.assertTrue(pod["securityContext"]["runAsNonRoot"])
                    self.assertFalse(pod["automountServiceAccountToken"])
                    for each in pod["containers"]:
                        self.assertTrue(each["securityContext"]["readOnlyRootFilesystem"])
                        self.assertEqual(["ALL"], each["securityContext"]["capabilities"]["drop"])
                        self.assertIn("memory", each["resources"]["limits"])
                        self.assertIn("readinessProbe", each)
                        self.assertIn("livenessProbe", each)

    def test_selectors_find_the_pods_that_they_are_meant_for(self):
        for profile in PROFILES:
            manifests = render(profile=profile)
            pods = [m["spec"]["template"]["metadata"]["labels"] for m in manifests if m["kind"] in ("Deployment", "StatefulSet")]
            for manifest in manifests:
                selector = {
                    "Service": lambda m: m["spec"]["selector"],
                    "PodDisruptionBudget": lambda m: m["spec"]["selector"]["matchLabels"],
                    "NetworkPolicy": lambda m: m["spec"]["podSelector"]["matchLabels"],
                }.get(manifest["kind"])
                if selector:
                    with self.subTest(profile=profile.name, kind=manifest["kind"], name=manifest["metadata"]["name"]):
                        wanted = selector(manifest).items()
                        self.assertEqual(1, sum(wanted <= labels.items() for labels in pods))


class Passwords(unittest.TestCase):
    def test_are_never_values(self):
        for profile in PROFILES:
            for manifest in render(profile=profile):
                self.assertNotEqual("Secret", manifest["kind"])
                text = json.dumps(manifest)
                self.assertNotIn('"FLEUVE_POSTGRES_PASSWORD", "value"', text)

    def test_nothing_is_rendered_without_a_secret_or_a_database(self):
        for settings, wanted in ((["postgres.host=db"], "postgres.secret.name"), (["postgres.secret.name=s"], "postgres.host")):
            with self.assertRaisesRegex(AssertionError, wanted):
                render(*settings)


class Brokers(unittest.TestCase):
    def test_are_interchangeable(self):
        broker = one(render(*SECRET), "Deployment", "test-fleuve-broker")
        self.assertEqual(3, broker["spec"]["replicas"])
        self.assertEqual("auto", environment(broker)["FLEUVE_BROKER_ID"])
        self.assertEqual("jdbc:postgresql://db:5432/fleuve", environment(broker)["FLEUVE_POSTGRES_URL"])
        self.assertEqual(0, broker["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"])

    def test_leave_their_number_to_the_autoscaler(self):
        manifests = render(*SECRET, "broker.autoscaling.enabled=true")
        self.assertNotIn("replicas", one(manifests, "Deployment", "test-fleuve-broker")["spec"])
        scaler = one(manifests, "HorizontalPodAutoscaler", "test-fleuve-broker")
        self.assertEqual("test-fleuve-broker", scaler["spec"]["scaleTargetRef"]["name"])

    def test_keep_records_when_the_release_goes(self):
        claim = one(render(*SECRET), "PersistentVolumeClaim", "test-fleuve-store")
        self.assertEqual("keep", claim["metadata"]["annotations"]["helm.sh/resource-policy"])
        self.assertEqual(["ReadWriteMany"], claim["spec"]["accessModes"])
        manifests = render(*SECRET, "store.existingClaim=mine")
        self.assertEqual([], [m for m in manifests if m["kind"] == "PersistentVolumeClaim"])
        volumes = one(manifests, "Deployment", "test-fleuve-broker")["spec"]["template"]["spec"]["volumes"]
        self.assertIn({"name": "data", "persistentVolumeClaim": {"claimName": "mine"}}, volumes)

    def test_are_not_installed_beside_apache_kafka(self):
        manifests = render(*SECRET, "kafka.bootstrapServers=kafka:9092")
        self.assertEqual([], [m for m in manifests if "broker" in m["metadata"]["name"]])
        for name in ("test-fleuve-gateway", "test-fleuve-alert-service"):
            self.assertEqual("kafka:9092", environment(one(manifests, "Deployment", name))["FLEUVE_BOOTSTRAP_SERVERS"])


class Doors(unittest.TestCase):
    def test_the_database_is_for_brokers_and_the_alert_service_only(self):
        policy = one(render(*SECRET, "postgres.bundled.enabled=true"), "NetworkPolicy", "test-fleuve-postgres")
        sources = policy["spec"]["ingress"][0]["from"]
        self.assertEqual(
            {"broker", "alert-service"},
            {each["podSelector"]["matchLabels"]["app.kubernetes.io/component"] for each in sources},
        )

    def test_only_clients_that_carry_the_labels_reach_kafka(self):
        policy = one(render(*SECRET, "networkPolicy.clientLabels.kafka=yes"), "NetworkPolicy", "test-fleuve-broker")
        self.assertEqual({"kafka": "yes"}, policy["spec"]["ingress"][0]["from"][0]["podSelector"]["matchLabels"])

    def test_every_service_ships_its_log_to_the_topic(self):
        deployments = [m for m in render(*SECRET, "logs.topic=logs", "simulator.enabled=true") if m["kind"] == "Deployment"]
        self.assertEqual(4, len(deployments))
        for each in deployments:
            self.assertEqual("logs", environment(each)["FLEUVE_LOG_TOPIC"], each["metadata"]["name"])
        for each in (m for m in render(*SECRET) if m["kind"] == "Deployment"):
            self.assertNotIn("FLEUVE_LOG_TOPIC", environment(each))

    def test_the_ingress_leads_to_the_gateway(self):
        manifests = render(*SECRET, "ingress.enabled=true", "ingress.host=a.example")
        rule = one(manifests, "Ingress", "test-fleuve-gateway")["spec"]["rules"][0]
        self.assertEqual("a.example", rule["host"])
        self.assertEqual("test-fleuve-gateway", rule["http"]["paths"][0]["backend"]["service"]["name"])
        self.assertEqual([], [m for m in render(*SECRET) if m["kind"] == "Ingress"])


class Mistakes(unittest.TestCase):
    def test_are_told_by_the_schema(self):
        for setting, wanted in (
            ("broker.replicas=0", "replicas"),
            ("broker.replcas=3", "replcas"),
            ("kafka.bootstrapServers=kafka", "bootstrapServers"),
            ("postgres.port=99999", "port"),
            ("image.pullPolicy=Sometimes", "pullPolicy"),
        ):
            with self.subTest(setting=setting), self.assertRaisesRegex(AssertionError, wanted):
                render(*SECRET, setting)


class HelmTest(unittest.TestCase):
    def test_writes_and_reads_through_the_gateway(self):
        pod = one(render(*SECRET), "Pod", "test-fleuve-test")
        self.assertEqual("test", pod["metadata"]["annotations"]["helm.sh/hook"])
        self.assertEqual(["/opt/fleuve/smoke.sh", "test-fleuve-gateway", "8080"], pod["spec"]["containers"][0]["command"])


if __name__ == "__main__":
    unittest.main()
