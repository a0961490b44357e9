#!/bin/sh
# Starts everything in one process: broker, gateway, alert service and simulator, on a PostgreSQL of its own.
set -eu

base=$(cd "$(dirname "$0")/.." && pwd)
KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx768m}
export KAFKA_HEAP_OPTS
exec "$base/bin/fleuve-run-class.sh" io.fleuve.quickstart.QuickstartApplication "$@"
