#!/bin/sh
# Runs one of Apache Kafka's command line tools. Options of older versions are taken in their new sense, with a word about it
# on standard error; without an address, the tool talks to the broker of this machine.
#
#   fleuve-tool.sh NAME CLASS ARGUMENTS...
#
#   FLEUVE_BOOTSTRAP_SERVERS   the brokers, unless the command line names some; localhost:9092 otherwise
set -eu

name=$1
class=$2
shift 2
base=$(cd "$(dirname "$0")/.." && pwd)

note() {
    echo "$name: $*" >&2
}

needs_address=yes
count=$#
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    count=$((count - 1))
    case "$argument" in
        --zookeeper | --zookeeper=*)
            note "--zookeeper is no longer needed: there is no ZooKeeper, and the brokers are asked themselves"
            if [ "$argument" = --zookeeper ] && [ "$count" -gt 0 ]; then
                shift
                count=$((count - 1))
            fi
            continue
            ;;
        --broker-list | --broker-list=*)
            note "--broker-list is called --bootstrap-server now"
            needs_address=no
            argument=--bootstrap-server${argument#--broker-list}
            ;;
        --bootstrap-server | --bootstrap-server=* | --bootstrap-controller | --bootstrap-controller=*)
            needs_address=no
            ;;
        --command-property | --producer-props | --help | --version)
            case "$argument" in --help | --version) needs_address=no ;; esac
            ;;
        bootstrap.servers=*)
            needs_address=no
            ;;
    esac
    set -- "$@" "$argument"
done
servers=${FLEUVE_BOOTSTRAP_SERVERS:-localhost:9092}
if [ "$needs_address" = yes ]; then
    set -- "$@" --bootstrap-server "$servers"
fi
KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx256m}
KAFKA_OPTS="-Dlogback.configurationFile=$base/config/tools-logback.xml ${KAFKA_OPTS:-}"
export KAFKA_HEAP_OPTS KAFKA_OPTS
exec "$base/bin/fleuve-run-class.sh" "$class" "$@"
