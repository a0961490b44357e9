#!/bin/bash
# Writes a record through a gateway and reads it again: smoke.sh HOST PORT
set -euo pipefail

host=${1:?usage: smoke.sh HOST PORT}
port=${2:?usage: smoke.sh HOST PORT}
value=smoke-$RANDOM$RANDOM

# request METHOD PATH TYPE BODY: prints the body of the answer, fails unless it is 200
request() {
    exec 3<>"/dev/tcp/$host/$port"
    printf '%s %s HTTP/1.0\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" "$2" "$host:$port" "$3" "${#4}" "$4" >&3
    local answer
    answer=$(cat <&3)
    exec 3>&-
    case "${answer%%$'\r'*}" in
        *' 200'*) printf '%s' "${answer#*$'\r\n\r\n'}" ;;
        *) echo "smoke.sh: $1 $2 was answered: $answer" >&2; return 1 ;;
    esac
}

written=$(request POST /topics/fleuve-smoke-test application/vnd.kafka.json.v2+json "{\"records\":[{\"value\":\"$value\"}]}")
[[ $written =~ \"partition\":([0-9]+),\"offset\":([0-9]+) ]] || { echo "smoke.sh: not written: $written" >&2; exit 1; }
read_again=$(request GET "/topics/fleuve-smoke-test/partitions/${BASH_REMATCH[1]}/records?offset=${BASH_REMATCH[2]}&max_records=1" application/json "")
[[ $read_again == *"$value"* ]] || { echo "smoke.sh: not read again: $read_again" >&2; exit 1; }
echo "smoke.sh: wrote and read $value"
