#!/bin/sh
# Builds the tests and runs one of their main classes, named below io.fleuve.conformance; options are those of the JVM.
#
#   benchmarks/run.sh bench.Depth  -Ddeep=10000000 -Dpartitions=1000
#   benchmarks/run.sh bench.Intake -Dminutes=10 -Drate=5000
set -eu

cd "$(dirname "$0")/.."
main=$1
shift
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
if ! "$java" -version 2>&1 | grep -q 'version "2[5-9]'; then
    echo "$0 needs a JDK 25: set JAVA_HOME to one ($java is another)" >&2
    exit 1
fi
exec "$java" -Xmx256m "$@" \
    -cp "conformance-tests/target/test-classes:$(cat "$class_path_file")" \
    "io.fleuve.conformance.$main"
