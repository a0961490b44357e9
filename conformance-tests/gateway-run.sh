#!/bin/sh
# Two gateways; clients that lose a tenth of their responses and repeat with the same Idempotency-Key through either; one gateway
# killed with SIGKILL and started again every few seconds. Then each message must be in its topic exactly once, where
# its answer says. Prints a table, and ends with status 1 if a promise was broken.
#
#   conformance-tests/gateway-run.sh --minutes 5 --every 20 --seed 42 --clients 6 --subject fleuve
#
# --subject fleuve or apache-kafka. Needs Linux.
set -eu

minutes=5 every=20 seed=42 clients=6 subject=fleuve report=conformance-tests/target/gateway-run.md
usage() {
    echo "usage: $0 [--minutes n] [--every seconds] [--seed n] [--clients n] [--subject fleuve|apache-kafka] [--report file]" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --minutes) minutes=$2 ;;
        --every) every=$2 ;;
        --seed) seed=$2 ;;
        --clients) clients=$2 ;;
        --subject) subject=$2 ;;
        --report) report=$2 ;;
        *) usage ;;
    esac
    shift 2
done

exec "$(dirname "$0")/../benchmarks/run.sh" gateway.RepeatedRequests \
    -Dminutes="$minutes" -Devery="$every" -Dseed="$seed" -Dclients="$clients" \
    -Dfleuve.conformance.subject="$subject" -Dreport="$report" -Dlogs=conformance-tests/target
