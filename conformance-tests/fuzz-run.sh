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

exec "$(dirname "$0")/../benchmarks/run.sh" fuzz.Fuzz -Xmx384m \
    -Dframes="$frames" -Dseed="$seed" -Dminutes="$minutes" -Dreport="$report"
