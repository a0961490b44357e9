#!/usr/bin/env bash
# What kcat sees, which is an older librdkafka. It cannot create topics: TOPICS names one of two partitions for each scenario.
# Prints a line `scenario TAB fact TAB value` for each fact; the arguments are the bootstrap address and a part of the
# names of the wanted scenarios.
set -euo pipefail

servers=$1
wanted=${2:-}
read -r -a topics <<<"$TOPICS"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

saw() { printf '%s\t%s\t%s\n' "$scenario" "$1" "$(printf '%s' "$2" | tr '\n\t' '| ')"; }
new_name() { echo "$1-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')"; }
kafka() { timeout 120 kcat -b "$servers" -X session.timeout.ms=10000 -X topic.metadata.refresh.fast.interval.ms=100 "$@"; }
produce() { kafka -P -t "$topic" "$@"; }
consume() { kafka -C -t "$topic" -e -q "$@"; }
numbers() { seq 0 $(($1 - 1)) | sed 's/.*/key-&:value &/'; }

# The first error of an attempt, without names that are others each time.
saw_error() {
    local fact=$1
    shift
    if "$@" >"$work/out" 2>"$work/err" </dev/null; then
        saw "$fact" 'no error'
    else
        saw "$fact" "$(grep -i -m 1 -E 'error|failed' "$work/err" | sed -E 's/(topic|group)-[0-9a-f-]+/\1/g; s/ \(broker [0-9]+\)//; s/^% *//')"
    fi
}

await() {
    for _ in $(seq 1200); do
        if "$@"; then return 0; fi
        sleep 0.1
    done
    echo "not met within two minutes: $*" >&2
    return 1
}

the_life_of_a_topic() {
    saw 'described' "$(kafka -L -J -t "$topic" | sed -E 's/.*"partitions"://; s/"(leader|id)":[0-9]+/"\1":known/g')"
    saw 'listed' "$(kafka -L | grep -c "topic \"$topic\" with 2 partitions")"
}

records_of_each_compression() {
    local codec from=0
    for codec in none gzip snappy lz4 zstd; do
            numbers 200 | produce -p 0 -z "$codec" -K : -H origin=kcat -H "codec=$codec"
        echo 'gone:' | produce -p 0 -Z -K :
        consume -p 0 -o $from -f '%o %k=%s (%S) %h\n' >"$work/records"
        from=$((from + 201))
        saw "$codec: records" "$(wc -l <"$work/records")"
        saw "$codec: some" "$(sed -n '1p; 2p; 200p; 201p' "$work/records")"
        saw "$codec: checksum" "$(cut -d ' ' -f 1-3 "$work/records" | cksum)"
    done
}

keys_choose_partitions() {
    numbers 60 | produce -K :
    saw 'partition 0' "$(consume -p 0 -f '%k ')"
    saw 'partition 1' "$(consume -p 1 -f '%k ')"
}

an_idempotent_producer() {
    numbers 100 | produce -p 1 -K : -X enable.idempotence=true
    saw 'last' "$(consume -p 1 -f '%o %k\n' | tail -n 1)"
    saw 'each once' "$(consume -p 1 -f '%k\n' | sort -u | wc -l)"
}

a_topic_that_does_not_exist() {
    topic=$(new_name topic)
    echo first | produce
    saw 'what was produced' "$(consume -f '%p:%o %s')"
    saw 'partitions it has then' "$(kafka -L -t "$topic" | grep -c 'partition [0-9]')"
    topic=$(new_name topic)
    saw_error 'reading one' consume -X allow.auto.create.topics=false
}

reading_from_an_offset_and_by_time() {
    local i middle
    for i in 0 1; do
        numbers 25 | produce -p 0 -K :
        # So that the second half has other timestamps.
        [ "$i" = 1 ] || sleep 0.05
    done
    middle=$(consume -p 0 -o 25 -c 1 -f '%T')
    saw 'from offset 45' "$(consume -p 0 -o 45 -f '%o ')"
    saw 'four before the end' "$(consume -p 0 -o -4 -f '%o ')"
    saw 'from a time' "$(consume -p 0 -o "s@$middle" -f '%o ')"
    saw 'until a time' "$(consume -p 0 -o s@0 -o "e@$middle" -f '%o ')"
    saw 'offset for a time' "$(kafka -Q -t "$topic:0:$middle" | sed 's/.*offset/offset/')"
    saw 'offset for the beginning' "$(kafka -Q -t "$topic:0:-2" | sed 's/.*offset/offset/')"
    saw 'offset for the end' "$(kafka -Q -t "$topic:0:-1" | sed 's/.*offset/offset/')"
    saw 'at the end' "$(consume -p 0 -o end -f '%o ')"
}

a_group_goes_on_where_it_committed() {
    local group
    group=$(new_name group)
    numbers 20 | produce -p 0 -K :
    saw 'first reads' "$(kafka -G "$group" -q -c 20 -X auto.offset.reset=earliest -f '%p:%o ' "$topic")"
    numbers 3 | produce -p 0 -K :
    saw 'second reads' "$(kafka -G "$group" -q -c 3 -X auto.offset.reset=earliest -f '%p:%o ' "$topic")"
}

member() {
    timeout 240 kcat -b "$servers" -G "$group" -u -X auto.offset.reset=earliest -X heartbeat.interval.ms=300 \
        -X session.timeout.ms=10000 -f '%p:%o\n' "$topic" >"$work/$1.out" 2>"$work/$1.err" &
}
assigned() { tail -n 1 <(grep 'rebalanced' "$work/$1.err") | grep -o -E '\[[0-9]+\]' | wc -l; }
holds() { [ "$(assigned "$1")" = "$2" ]; }
holds_each() { holds first 1 && holds second 1; }
have_read() { [ "$(cat "$work"/{first,second}.out | sort -u | wc -l)" = "$1" ]; }

a_group_of_two() {
    local group first second
    group=$(new_name group)
    member first
    first=$!
    await holds first 2
    member second
    second=$!
    await holds_each
    numbers 10 | produce -p 0 -K :
    numbers 10 | produce -p 1 -K :
    await have_read 20
    saw 'read by each' "$(wc -l <"$work/first.out") $(wc -l <"$work/second.out")"
    kill -TERM "$second"
    wait "$second" || true
    await holds first 2
    saw 'after one left' "$(assigned first)"
    kill -TERM "$first"
    wait "$first" || true
}

errors() {
    saw_error 'a partition that does not exist' consume -p 7
    saw_error 'beyond the end, no reset' consume -p 0 -o 1000 -X auto.offset.reset=error
}

printf 'version\t%s\n' "kcat $(kcat -V 2>&1 | grep -o -E 'Version [0-9.]+' | cut -d ' ' -f 2) (librdkafka $(kcat -V 2>&1 | grep -o -E 'librdkafka [0-9.]+' | cut -d ' ' -f 2))"
while IFS= read -r scenario <&3; do
    topic=${topics[0]}
    topics=("${topics[@]:1}")
    if [[ $scenario == *"$wanted"* ]]; then
        started=$(date +%s%N)
        set +e
        (
            set -e
            "${scenario//[ -]/_}"
        )
        status=$?
        set -e
        [ "$status" = 0 ] || saw 'broke off' "exit code $status"
        echo "$scenario took $((($(date +%s%N) - started) / 1000000)) ms" >&2
    fi
done 3<<'NAMES'
the life of a topic
records of each compression
keys choose partitions
an idempotent producer
a topic that does not exist
reading from an offset and by time
a group goes on where it committed
a group of two
errors
NAMES
