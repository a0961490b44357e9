#!/bin/sh
# Ends the servers that were started from this directory, and waits until they have ended.
set -eu

base=$(cd "$(dirname "$0")/.." && pwd)
# The class is written in two parts so that awk does not find itself.
servers=$(ps -ww -A -o pid= -o args= | awk -v home="-Dfleuve.home=$base" '
    index($0, home " ") && index($0, "io.fleuve.quickstart.Kafka" "ServerStart") { print $1 }')
if [ -z "$servers" ]; then
    echo "kafka-server-stop.sh: no server runs from $base" >&2
    exit 1
fi
for server in $servers; do
    kill "$server" 2>/dev/null || true
done
for server in $servers; do
    while kill -0 "$server" 2>/dev/null; do
        sleep 0.2
    done
done
