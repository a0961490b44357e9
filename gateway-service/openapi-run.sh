#!/bin/sh
# Puts the API's document to the test: a generated Java client must compile, create a topic, produce and read; generated
# requests must get no 5xx but 503, and no answer that the document does not know. Ends with status 1 otherwise.
#
#   gateway-service/openapi-run.sh --examples 125 --seed 1    all of it
#   gateway-service/openapi-run.sh --short                    two requests for each operation, no client: part of mvnw verify
#
# Starts a platform of its own from quickstart/target (./mvnw package), on free ports, and ends it; with --url it takes one
# that runs already, whose topics and groups may be lost. --examples is for each operation. Downloads the generator (Maven)
# and schemathesis (PyPI) once, to target/openapi.
set -eu

url='' examples=125 seed=1 client=yes
usage() {
    echo "usage: $0 [--short] [--url url] [--examples n] [--seed n]" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    case $1 in
        --short) examples=2 client=no; shift; continue ;;
    esac
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

platform='' data=''
finish() {
    [ -z "$platform" ] || { kill "$platform" && wait "$platform" || true; } 2> /dev/null
    [ -z "$data" ] || rm -rf "$data"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

start() {
    jar=''
    for each in "$here"/../quickstart/target/quickstart-*-exec.jar; do
        [ ! -f "$each" ] || jar=$each
    done
    [ -n "$jar" ] || { echo "$0: no quickstart/target/quickstart-*-exec.jar: build it, or give --url" >&2; exit 2; }
    ports=$(python3 -c '
import socket
taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]
print(*(each.getsockname()[1] for each in taken))')
    # shellcheck disable=SC2086
    set -- $ports
    data=$(mktemp -d)
    url=http://127.0.0.1:$1
    FLEUVE_DATA_DIR=$data FLEUVE_GATEWAY_PORT=$1 FLEUVE_KAFKA_PORT=$2 FLEUVE_BROKER_HTTP_PORT=$3 \
        FLEUVE_ALERTS_PORT=$4 FLEUVE_SIMULATOR_PORT=$5 FLEUVE_BOOTSTRAP_SERVERS=127.0.0.1:$2 FLEUVE_POSTGRES_URL='' \
        "$java" -Xmx640m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -jar "$jar" > "$work/platform.log" 2>&1 &
    platform=$!
    echo "starting a platform at $url"
    left=180
    until curl -fsS "$url/actuator/health/readiness" > /dev/null 2>&1; do
        left=$((left - 1))
        if [ "$left" -eq 0 ] || ! kill -0 "$platform" 2> /dev/null; then
            echo "$0: the platform did not start: see $work/platform.log" >&2
            exit 2
        fi
        sleep 1
    done
}
[ -n "$url" ] || start
curl -fsS "$url/openapi" > "$work/openapi.json"

generate() {
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
}
[ "$client" = no ] || generate

echo "sending requests"
[ -x "$work/venv/bin/schemathesis" ] || {
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" -q install "schemathesis==$schemathesis"
}
# A stream of events ends when the reader goes, so that there is no answer to compare.
cd "$work"
"$work/venv/bin/schemathesis" run "$url/openapi" --no-color --seed "$seed" --max-examples "$examples" \
    --exclude-path-regex '/events$' --phases examples,fuzzing --continue-on-failure --request-timeout 60 --warnings off \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance
