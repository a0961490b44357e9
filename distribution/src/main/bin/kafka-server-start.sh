#!/bin/sh
# Starts a broker: kafka-server-start.sh [-daemon] config/server.properties [--override property=value]*
set -eu

base=$(cd "$(dirname "$0")/.." && pwd)
KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx512m}
# By this kafka-server-stop.sh knows the server again.
KAFKA_OPTS="-Dfleuve.home=$base ${KAFKA_OPTS:-}"
export KAFKA_HEAP_OPTS KAFKA_OPTS
if [ "${1:-}" = -daemon ]; then
    shift
    mkdir -p "$base/logs"
    nohup "$base/bin/fleuve-run-class.sh" io.fleuve.quickstart.KafkaServerStart "$@" \
        >"$base/logs/server.out" 2>&1 </dev/null &
    echo "started as process $!; it says how it goes in $base/logs/server.out"
    exit 0
fi
exec "$base/bin/fleuve-run-class.sh" io.fleuve.quickstart.KafkaServerStart "$@"
