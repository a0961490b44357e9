#!/bin/sh
# Malformed requests of every API and version, over real sockets, to a broker with a small heap. Prints tables, and ends
# with status 1 if the broker has died, leaked, stalled, or failed in a way that nobody had thought of.
#
#   conformance-tests/fuzz-run.sh --frames 1000000 --seed 42 --minutes 60 --report conformance-tests/target/fuzz-run.md
#
# It ends after that many frames, or that many minutes.
set -eu

frames=1000000 seed=42 minutes=60 report=conformance-tests/target/fuzz-run.md
usage() {
    echo "usage: $0 [--frames n] [--seed n] [--minutes n] [--report file]" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --frames) frames=$2 ;;
        --seed) seed=$2 ;;
        --minutes) minutes=$2 ;;
        --report) report=$2 ;;
        *) usage ;;
    esac
    shift 2
done

cd "$(dirname "$0")/.."
if [ -z "${MAVEN:-}" ]; then
    MAVEN=./mvnw
fi
"$MAVEN" -q -B -DskipTests -pl conformance-tests -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile=target/test-class-path

java=java
if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
fi
exec "$java" -Xmx384m \
    -Dframes="$frames" -Dseed="$seed" -Dminutes="$minutes" -Dreport="$report" \
    -cp "conformance-tests/target/test-classes:$(cat conformance-tests/target/test-class-path)" \
    io.fleuve.conformance.fuzz.Fuzz
