#!/bin/sh
# Runs a class of this distribution with a Java 25: fleuve-run-class.sh CLASS ARGUMENTS...
#
#   JAVA_HOME          the Java to use; without it, the one on the PATH
#   KAFKA_HEAP_OPTS    heap of the JVM, such as "-Xmx512m"
#   KAFKA_OPTS         further options of the JVM
set -eu

base=$(cd "$(dirname "$0")/.." && pwd)
java=java
[ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java
version=$("$java" -version 2>&1 | sed -n 's/^[^"]*version "\([0-9]*\).*/\1/p' | head -n 1) || version=
if [ -z "$version" ] || [ "$version" -lt 25 ]; then
    echo "$(basename "$0"): Java 25 or newer is needed, and '$java' is ${version:-not there}: set JAVA_HOME to one" >&2
    exit 1
fi
# shellcheck disable=SC2086  # options are separate words
exec "$java" ${KAFKA_HEAP_OPTS:--Xmx512m} -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED ${KAFKA_OPTS:-} \
    -cp "$base/libs/*" "$@"
