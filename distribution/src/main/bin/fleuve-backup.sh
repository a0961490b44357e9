#!/bin/sh
# Backs the database and the store up together, while brokers run: fleuve-backup.sh DIRECTORY
#
# DIRECTORY must not exist. When the command has ended with status 0 it holds `fleuve.dump`, `store` and `MANIFEST`, which
# fleuve-restore.sh takes; until then its name ends in `.incomplete`.
#
#   FLEUVE_POSTGRES_URL, FLEUVE_POSTGRES_USER, FLEUVE_POSTGRES_PASSWORD   the database, as the brokers are told
#   FLEUVE_STORE      the directory that the brokers share
#   FLEUVE_GRACE      seconds for which brokers keep objects that nothing refers to any more (fleuve.broker.upkeep.grace); 120
#
# Needs pg_dump, of the server's version or newer. Why the two belong together: docs/operations.md.
set -eu

. "$(dirname "$0")/fleuve-database.sh"
[ $# -eq 1 ] || fail "usage: fleuve-backup.sh DIRECTORY"
target=${1%/}
[ ! -e "$target" ] || fail "$target exists already: give a directory that does not"
store=$(store_directory)
[ -d "$store" ] || fail "FLEUVE_STORE is '$store', which is no directory"
grace=${FLEUVE_GRACE:-120}

work=$target.incomplete
links=$store.backup-$$
mkdir -p "$(dirname "$target")"
mkdir "$work" || fail "$work is there: another backup runs, or one was cut off; remove it"
trap 'rm -rf "$links"' EXIT
trap 'exit 1' INT TERM HUP

# A file may go while it is looked for: it was dead then, and its name is in no row that the dump will have.
link() {
    mkdir -p "$links"
    cp -al "$store/." "$links/" 2>"$work/errors" || ! grep -v 'No such file or directory' "$work/errors" >&2 \
        || fail "cannot link the files of $store into $links: both must be on one file system that knows hard links"
}

begin=$(date +%s)
say "linking the store"
link
say "dumping the database"
pg_dump --format=custom --schema=broker --schema=alerts --file="$work/fleuve.dump" "$database"
say "linking what was written meanwhile"
link
took=$(($(date +%s) - begin))
[ "$took" -lt "$grace" ] || fail "the dump took $took s, longer than objects are kept after their end ($grace s): set \
fleuve.broker.upkeep.grace of all brokers above it, and FLEUVE_GRACE to the same"
say "copying $(find "$links" -type f | wc -l | tr -d ' ') objects"
cp -a "$links" "$work/store"
rm -f "$work/errors"
{
    echo "finished=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    echo "dump_sha256=$(sha256sum "$work/fleuve.dump" | cut -d ' ' -f 1)"
    echo "objects=$(find "$work/store" -type f | wc -l | tr -d ' ')"
    echo "bytes=$(find "$work/store" -type f -exec cat {} + | wc -c | tr -d ' ')"
} >"$work/MANIFEST"
sync
mv "$work" "$target"
say "done: $target"
