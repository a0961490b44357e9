#!/bin/sh
# One run of Apache Kafka and Fleuve on this machine, one after the other, each with the same heap, loaded by Kafka's own
# performance tools. Prints a table with ratios.
#
#   RECORDS=1000000 LATENCY_RECORDS=10000 HEAP=1g ONLY= benchmarks/side-by-side.sh
#
# ONLY=Fleuve measures one platform alone. Nothing else should run meanwhile.
set -eu
exec "$(dirname "$0")/run.sh" bench.SideBySide -Drecords="${RECORDS:-1000000}" \
    -DlatencyRecords="${LATENCY_RECORDS:-10000}" -Dheap="${HEAP:-1g}" -Donly="${ONLY:-}"
