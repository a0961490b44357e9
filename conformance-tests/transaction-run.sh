#!/bin/sh
# Transactions, processors and readers while brokers, database, store and network fail by a seeded schedule; then an audit
# of what was committed, aborted and seen. Prints tables, and ends with status 1 if a promise was broken.
#
#   conformance-tests/transaction-run.sh --minutes 30 --seed 42 --brokers 2 --producers 4 --report conformance-tests/target/transaction-run.md
#
# --producers append, beside four processors. Needs Linux: kill and prlimit (util-linux).
set -eu

minutes=30 seed=42 brokers=2 producers=4 report=conformance-tests/target/transaction-run.md
usage() {
    echo "usage: $0 [--minutes n] [--seed n] [--brokers n] [--producers n] [--report file]" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --minutes) minutes=$2 ;;
        --seed) seed=$2 ;;
        --brokers) brokers=$2 ;;
        --producers) producers=$2 ;;
        --report) report=$2 ;;
        *) usage ;;
    esac
    shift 2
done

exec "$(dirname "$0")/../benchmarks/run.sh" transactions.Transactions -Xmx512m \
    -Dminutes="$minutes" -Dseed="$seed" -Dbrokers="$brokers" -Dproducers="$producers" -Dreport="$report"
