#!/bin/sh
# One run of Apache Kafka and Fleuve on this machine, one after the other, each with the same heap, loaded by Kafka's own
# performance tools. Prints a table with ratios.
#
#   RECORDS=1000000 LATENCY_RECORDS=10000 HEAP=1g ONLY= benchmarks/side-by-side.sh
#
# ONLY=Fleuve measures one platform alone. Nothing else should run meanwhile.
set -eu

cd "$(dirname "$0")/.."
if [ -z "${MAVEN:-}" ]; then
    MAVEN=./mvnw
fi
class_path_file=conformance-tests/target/test-class-path

"$MAVEN" -q -B -DskipTests -pl conformance-tests -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile=target/test-class-path

java=java
if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
fi
exec "$java" -Xmx256m \
    -Drecords="${RECORDS:-1000000}" -DlatencyRecords="${LATENCY_RECORDS:-10000}" -Dheap="${HEAP:-1g}" -Donly="${ONLY:-}" \
    -cp "conformance-tests/target/test-classes:$(cat "$class_path_file")" \
    io.fleuve.conformance.bench.SideBySide
