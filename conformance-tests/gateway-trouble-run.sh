#!/bin/sh
# One gateway, whose broker is killed, stopped, slow or cut off by turns, and clients of all kinds. Each answer must be one
# that is documented, and in time; what was acknowledged must be there, events must go on without loss or repetition, and
# when the clients have gone the gateway must hold no more than at the start. Prints a table; ends with status 1 otherwise.
#
#   conformance-tests/gateway-trouble-run.sh --minutes 60 --seed 42 --subject fleuve --report trouble.md
#
# --subject fleuve or apache-kafka. Needs Linux. Takes about a quarter of an hour longer than it says.
set -eu

minutes=60 seed=42 subject=fleuve report=conformance-tests/target/gateway-trouble-run.md
usage() {
    echo "usage: $0 [--minutes n] [--seed n] [--subject fleuve|apache-kafka] [--report file]" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --minutes) minutes=$2 ;;
        --seed) seed=$2 ;;
        --subject) subject=$2 ;;
        --report) report=$2 ;;
        *) usage ;;
    esac
    shift 2
done

exec "$(dirname "$0")/../benchmarks/run.sh" gateway.BrokerTrouble \
    -Dminutes="$minutes" -Dseed="$seed" \
    -Dfleuve.conformance.subject="$subject" -Dreport="$report" -Dlogs=conformance-tests/target
