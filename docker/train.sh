#!/bin/bash
# Makes an AOT cache for each service: starts it as its image will, beside a quickstart that lends it a database and a
# broker, waits until it serves, lets it work a little and ends it. The JVM writes the cache when it ends.
#
#   train.sh IMAGES CACHES     IMAGES/SERVICE/{dependencies,application}/..., as jarmode=tools extracts them
set -euo pipefail

images=$1
caches=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
mkdir -p "$caches"
chmod 755 "$work"

# A service where it will be in its image: a cache knows its class path by names, sizes and dates.
assemble() {
    rm -rf "$2"
    mkdir -p "$2"
    for layer in dependencies snapshot-dependencies application; do
        if [ -d "$images/$1/$layer" ]; then
            cp -a "$images/$1/$layer/." "$2/"
        fi
    done
}

await() {
    local seconds=0
    until "$here/health.sh" "$1" >"$work/health.txt" 2>&1; do
        if ! kill -0 "$2" 2>/dev/null || [ "$seconds" -ge 120 ]; then
            echo "train.sh: $3 does not serve:" >&2
            cat "$work/health.txt" >&2
            tail -n 40 "$4" >&2
            exit 1
        fi
        seconds=$((seconds + 1))
        sleep 1
    done
}

assemble quickstart "$work/quickstart"
FLEUVE_DATA_DIR="$work/data" FLEUVE_SIMULATOR_SPEED=36000 \
    java -Xmx640m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -jar "$work/quickstart/quickstart.jar" \
    >"$work/quickstart.log" 2>&1 &
quickstart=$!
trap 'kill $quickstart 2>/dev/null || true; wait $quickstart 2>/dev/null || true; rm -rf "$work"' EXIT
await 8082 "$quickstart" quickstart "$work/quickstart.log"

connection() {
    sed -n "s/^$1=//p" "$work/data/postgres.connection"
}

train() {
    local service=$1 variable=$2 port=$3
    assemble "$service" /opt/fleuve/training
    # Under the names that the image will have.
    mv /opt/fleuve/training/* /opt/fleuve/
    (
        export FLEUVE_DATA_DIR="$work/$service" FLEUVE_STORE="$work/data/store" FLEUVE_BROKER_ID=9 FLEUVE_KAFKA_PORT=19092
        export FLEUVE_POSTGRES_URL FLEUVE_POSTGRES_USER FLEUVE_POSTGRES_PASSWORD
        export FLEUVE_ALERTS_APPLICATION_ID=training "$variable=$port"
        FLEUVE_POSTGRES_URL="jdbc:postgresql://127.0.0.1:$(connection port)/fleuve"
        FLEUVE_POSTGRES_USER=fleuve
        FLEUVE_POSTGRES_PASSWORD=$(connection password)
        ln -sf "$service.jar" /opt/fleuve/service.jar
        cd /opt/fleuve
        exec java @"$here/jvm.options" -Xmx512m "-XX:AOTCacheOutput=$caches/$service.aot" -jar /opt/fleuve/service.jar
    ) >"$work/$service.log" 2>&1 &
    local pid=$!
    await "$port" "$pid" "$service" "$work/$service.log"
    sleep 5
    kill "$pid"
    wait "$pid" || true
    [ -s "$caches/$service.aot" ] || { tail -n 40 "$work/$service.log" >&2; exit 1; }
    echo "$service: $(($(stat -c %s "$caches/$service.aot") / 1048576)) MB"
    rm -rf /opt/fleuve/lib /opt/fleuve/*.jar
}

train broker-service FLEUVE_BROKER_HTTP_PORT 18081
train gateway-service FLEUVE_GATEWAY_PORT 18080
train sensor-simulator FLEUVE_SIMULATOR_PORT 18083
train alert-service FLEUVE_ALERTS_PORT 18082
