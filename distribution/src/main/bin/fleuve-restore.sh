#!/bin/sh
# Restores what fleuve-backup.sh made, into an empty database and a directory that does not exist, with no broker running;
# then checks that every record which the database knows of is in the store: fleuve-restore.sh DIRECTORY
#
#   FLEUVE_POSTGRES_URL, FLEUVE_POSTGRES_USER, FLEUVE_POSTGRES_PASSWORD   the new database, which must be there
#   FLEUVE_STORE      the new directory
#
# Needs pg_restore and psql. Without DIRECTORY/store it only checks: fleuve-restore.sh --verify
set -eu

. "$(dirname "$0")/fleuve-database.sh"
[ $# -eq 1 ] || fail "usage: fleuve-restore.sh DIRECTORY | --verify"
source=${1%/}
store=$(store_directory)

query() {
    psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --field-separator='	' --command="$1" "$database"
}

if [ "$source" != --verify ]; then
    [ -f "$source/MANIFEST" ] || fail "$source is no finished backup: it has no MANIFEST"
    wanted=$(sed -n 's/^dump_sha256=//p' "$source/MANIFEST")
    [ "$(sha256sum "$source/fleuve.dump" | cut -d ' ' -f 1)" = "$wanted" ] || fail "$source/fleuve.dump is damaged"
    [ ! -e "$store" ] || [ -z "$(ls -A "$store")" ] || fail "$store is not empty: set FLEUVE_STORE to a directory that is, or does not exist"
    [ "$(query "SELECT count(*) FROM pg_namespace WHERE nspname IN ('broker', 'alerts')")" = 0 ] \
        || fail "the database has a schema broker or alerts already: create an empty one"
    say "restoring the database"
    pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$database" "$source/fleuve.dump"
    say "copying the store"
    mkdir -p "$store"
    cp -a "$source/store/." "$store/"
    sync
fi

say "checking"
query "SELECT o.object_key, max(p.position + p.size_bytes), count(*)
       FROM broker.pieces p JOIN broker.objects o USING (object_id) GROUP BY o.object_key" >"${TMPDIR:-/tmp}/fleuve-verify-$$"
trap 'rm -f "${TMPDIR:-/tmp}/fleuve-verify-$$"' EXIT
bad=0 pieces=0
while IFS='	' read -r key end count; do
    size=$(stat -c %s "$store/$key" 2>/dev/null || echo missing)
    pieces=$((pieces + count))
    if [ "$size" = missing ] || [ "$size" -lt "$end" ]; then
        echo "fleuve-restore.sh: $key should have $end bytes at least; it has: $size" >&2
        bad=$((bad + 1))
    fi
done <"${TMPDIR:-/tmp}/fleuve-verify-$$"
[ "$bad" -eq 0 ] || fail "$bad objects are not whole: this backup does not hold all records"
say "all $pieces stretches of records are there"
