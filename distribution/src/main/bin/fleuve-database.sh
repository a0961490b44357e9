# What fleuve-backup.sh and fleuve-restore.sh have in common: how to reach the database, under libpq's names.

say() {
    echo "$(basename "$0"): $*" >&2
}

fail() {
    say "$@"
    exit 1
}

store_directory() {
    directory=${FLEUVE_STORE:-${FLEUVE_DATA_DIR:-./data}/store}
    directory=${directory#file://}
    printf '%s' "${directory%/}"
}

case "${FLEUVE_POSTGRES_URL:-}" in
    jdbc:postgresql://*) ;;
    *) fail "FLEUVE_POSTGRES_URL must look like jdbc:postgresql://localhost:5432/fleuve, and is '${FLEUVE_POSTGRES_URL:-}'" ;;
esac
database=${FLEUVE_POSTGRES_URL#jdbc:}
# The driver's own parameters mean nothing to libpq; PGSSLMODE and its kin do.
database=${database%%\?*}
PGUSER=${FLEUVE_POSTGRES_USER:-fleuve}
PGPASSWORD=${FLEUVE_POSTGRES_PASSWORD:-}
export PGUSER PGPASSWORD
