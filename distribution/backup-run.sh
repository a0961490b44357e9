#!/bin/bash
# Backup, destruction, restore, proof, on small data: a broker of the unpacked archive on a PostgreSQL of its own, both
# backed up while a producer writes, deleted, and restored elsewhere. Every record that was acknowledged before the backup
# began must be read again once, offsets must be dense, and the group must go on where it had committed.
#
#   distribution/backup-run.sh [ARCHIVE]
#
# Needs PostgreSQL's programs (initdb, postgres, pg_dump) on the PATH or below /usr/lib/postgresql, and the archive that
# `./mvnw package` makes. Ends with status 1 if anything is not as it should be.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
archive=${1:-$(ls "$here"/target/fleuve-*.tar.gz)}
before=20000
during=40000
work=$(mktemp -d)
chmod 755 "$work"
server=
cleanup() {
    [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true
    for cluster in "$work"/cluster-*; do
        [ ! -d "$cluster" ] || as_postgres pg_ctl -D "$cluster" -m immediate -w stop >/dev/null 2>&1 || true
    done
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    echo "backup-run.sh: $*" >&2
    tail -n 30 "$work"/*.log >&2 2>/dev/null || true
    exit 1
}

if ! command -v initdb >/dev/null; then
    for directory in /usr/lib/postgresql/*/bin; do PATH=$directory:$PATH; done
fi
command -v initdb >/dev/null || fail "no initdb: install PostgreSQL"
# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid="$(id -u nobody)" --regid="$(id -g nobody)" --clear-groups env PATH="$PATH" "$@")
    else
        "$@"
    fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_database() { # NAME
    local cluster=$work/cluster-$1
    mkdir "$cluster"
    [ "$(id -u)" -ne 0 ] || chown nobody "$cluster"
    echo secret >"$work/password"
    chmod 644 "$work/password"
    as_postgres initdb -D "$cluster" --username=fleuve --pwfile="$work/password" --auth=scram-sha-256 >/dev/null
    port=$(free_port)
    as_postgres pg_ctl -D "$cluster" -w -l "$cluster/server.log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=32MB" start >/dev/null
    PGPASSWORD=secret psql -q -h 127.0.0.1 -p "$port" -U fleuve -d postgres -c 'CREATE DATABASE fleuve'
    export FLEUVE_POSTGRES_URL=jdbc:postgresql://127.0.0.1:$port/fleuve FLEUVE_POSTGRES_USER=fleuve FLEUVE_POSTGRES_PASSWORD=secret
}

start_broker() { # NAME
    "$home/bin/kafka-server-start.sh" "$home/config/server.properties" >"$work/broker-$1.log" 2>&1 &
    server=$!
    for _ in $(seq 240); do
        ! grep -q 'Fleuve is up' "$work/broker-$1.log" || return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.5
    done
    fail "the broker did not start"
}

kill_broker() {
    kill -9 "$server"
    wait "$server" 2>/dev/null || true
    server=
}

read_all() {
    "$home/bin/kafka-console-consumer.sh" --topic numbers --from-beginning --timeout-ms 8000 2>/dev/null || true
}

mkdir "$work/unpacked"
tar -xzf "$archive" -C "$work/unpacked"
home=$(echo "$work"/unpacked/*)
FLEUVE_KAFKA_PORT=$(free_port)
FLEUVE_BROKER_HTTP_PORT=$(free_port)
export FLEUVE_KAFKA_PORT FLEUVE_BROKER_HTTP_PORT FLEUVE_BOOTSTRAP_SERVERS=localhost:$FLEUVE_KAFKA_PORT
export FLEUVE_STORE=$work/store FLEUVE_DATA_DIR=$work/data

echo "backup-run.sh: $before records and a group's commit"
start_database one
start_broker one
"$home/bin/kafka-topics.sh" --create --topic numbers --partitions 6 >/dev/null
seq "$before" | "$home/bin/kafka-console-producer.sh" --topic numbers --command-property acks=all 2>"$work/producer.log"
read_by_group=$("$home/bin/kafka-console-consumer.sh" --topic numbers --group readers --from-beginning --max-messages "$before" 2>/dev/null | wc -l)
[ "$read_by_group" -eq "$before" ] || fail "the group read $read_by_group records, not $before"

echo "backup-run.sh: backup while $during more are written"
(for block in $(seq 0 1000 $((during - 1000))); do seq $((before + block + 1)) $((before + block + 1000)); sleep 0.1; done) |
    "$home/bin/kafka-console-producer.sh" --topic numbers --command-property acks=all 2>>"$work/producer.log" &
producer=$!
sleep 2
"$home/bin/fleuve-backup.sh" "$work/backup" || fail "the backup failed"
wait "$producer"
[ "$(read_all | wc -l)" -eq $((before + during)) ] || fail "the producer did not write $((before + during)) records"

echo "backup-run.sh: destruction"
kill_broker
as_postgres pg_ctl -D "$work/cluster-one" -m immediate -w stop >/dev/null
rm -rf "$work/cluster-one" "$work/store" "$work/data"

echo "backup-run.sh: restore"
export FLEUVE_STORE=$work/restored/store
start_database two
"$home/bin/fleuve-restore.sh" "$work/backup" || fail "the restore failed"
! "$home/bin/fleuve-restore.sh" "$work/backup" 2>/dev/null || fail "a second restore over the first was not refused"
start_broker two

echo "backup-run.sh: proof"
read_all | sort -n >"$work/read"
[ "$(uniq "$work/read" | wc -l)" -eq "$(wc -l <"$work/read")" ] || fail "a record is there twice"
seq "$before" | cmp -s - <(head -n "$before" "$work/read") || fail "a record that was acknowledged before the backup is missing"
ends=$("$home/bin/kafka-get-offsets.sh" --topic numbers | awk -F: '{ sum += $3 } END { print sum }')
[ "$ends" -eq "$(wc -l <"$work/read")" ] || fail "there are $ends offsets and $(wc -l <"$work/read") records"
lag=$("$home/bin/kafka-consumer-groups.sh" --describe --group readers 2>/dev/null | awk '$2 == "numbers" { sum += $6 } END { print sum }')
[ "$lag" -eq $((ends - before)) ] || fail "the group should be $((ends - before)) records behind and is $lag"
echo more | "$home/bin/kafka-console-producer.sh" --topic numbers --command-property acks=all 2>/dev/null
[ "$(read_all | grep -c more)" -eq 1 ] || fail "the restored broker does not take records"
kill_broker
largest=$(find "$FLEUVE_STORE" -type f -size +0 | head -n 1)
mv "$largest" "$work/taken-away"
! "$home/bin/fleuve-restore.sh" --verify 2>"$work/verify.log" || fail "an object was taken away and --verify did not notice"
echo "backup-run.sh: $before of $before records that came before the backup are there, and $((ends - before)) of those that came meanwhile"
