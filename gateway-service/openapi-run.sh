#!/bin/sh
# Puts the API's document to the test, on a gateway that runs already and whose topics and groups may be lost:
# a generated Java client must compile, create a topic, produce and read; generated requests must get no 5xx but 503, and no
# answer that the document does not know. Ends with status 1 otherwise.
#
#   gateway-service/openapi-run.sh --url http://127.0.0.1:8080 --examples 130 --seed 1
#
# --examples is for each operation. Downloads the generator (Maven) and schemathesis (PyPI) once, to target/openapi.
set -eu

url=http://127.0.0.1:8080 examples=130 seed=1
usage() {
    echo "usage: $0 [--url url] [--examples n] [--seed n]" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --url) url=$2 ;;
        --examples) examples=$2 ;;
        --seed) seed=$2 ;;
        *) usage ;;
    esac
    shift 2
done

generator=7.23.0
schemathesis=4.32.5
here=$(cd "$(dirname "$0")" && pwd)
work=$here/target/openapi
mvn=${MAVEN:-$here/../mvnw}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
mkdir -p "$work"

if ! "${java}" -version 2>&1 | grep -q '"2[5-9]'; then
    echo "$0: needs a JDK 25, named by JAVA_HOME or first on the PATH" >&2
    exit 2
fi
curl -fsS "$url/openapi" > "$work/openapi.json"

echo "generating a client"
[ -f "$work/openapi-generator-cli-$generator.jar" ] ||
    "$mvn" -q -B dependency:copy -Dartifact="org.openapitools:openapi-generator-cli:$generator" -DoutputDirectory="$work"
rm -rf "$work/client"
"$java" -Xmx512m -jar "$work/openapi-generator-cli-$generator.jar" generate -g java --library native \
    -i "$work/openapi.json" -o "$work/client" \
    --additional-properties=apiPackage=io.fleuve.client.api,modelPackage=io.fleuve.client.model,invokerPackage=io.fleuve.client,openApiNullable=false \
    > "$work/generator.log"
cp "$here/src/test/openapi/Smoke.java" "$work/client/src/main/java/"
(cd "$work/client" && "$mvn" -q -B -f pom.xml -DskipTests -Dmaven.javadoc.skip=true package dependency:copy-dependencies)
"$java" -cp "$work/client/target/classes:$work/client/target/dependency/*" Smoke "$url"

echo "sending requests"
[ -x "$work/venv/bin/schemathesis" ] || {
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" -q install "schemathesis==$schemathesis"
}
# A stream of events ends when the reader goes, so that there is no answer to compare.
cd "$work"
"$work/venv/bin/schemathesis" run "$url/openapi" --no-color --seed "$seed" --max-examples "$examples" \
    --exclude-path-regex '/events$' --phases examples,fuzzing --continue-on-failure --request-timeout 60 \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance
