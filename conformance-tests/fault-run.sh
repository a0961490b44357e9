#!/bin/sh
# Producers, readers and groups while brokers, database, store and network fail by a seeded schedule; then an audit of
# everything that was acknowledged and read. Prints tables, and ends with status 1 if a promise was broken.
#
#   conformance-tests/fault-run.sh --minutes 30 --seed 42 --brokers 2 --rate 200 --report conformance-tests/target/fault-run.md
#
# --rate is records a second of each of the five producers. Needs Linux: kill and prlimit (util-linux).
set -eu

minutes=30 seed=42 brokers=2 rate=200 report=conformance-tests/target/fault-run.md
usage() {
    echo "usage: $0 [--minutes n] [--seed n] [--brokers n] [--rate n] [--report file]" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --minutes) minutes=$2 ;;
        --seed) seed=$2 ;;
        --brokers) brokers=$2 ;;
        --rate) rate=$2 ;;
        --report) report=$2 ;;
        *) usage ;;
    esac
    shift 2
done

exec "$(dirname "$0")/../benchmarks/run.sh" faults.Faults -Xmx512m \
    -Dminutes="$minutes" -Dseed="$seed" -Dbrokers="$brokers" -Drate="$rate" -Dreport="$report"
