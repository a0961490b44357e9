#!/bin/bash
# Whether the service in this container serves: asks its readiness without any tool that an image might not have.
#
#   health.sh [PORT]     the port of FLEUVE_SERVICE if none is given
set -u

case "${FLEUVE_SERVICE:-}" in
    broker-service) port=${FLEUVE_BROKER_HTTP_PORT:-8081} ;;
    gateway-service) port=${FLEUVE_GATEWAY_PORT:-8080} ;;
    alert-service) port=${FLEUVE_ALERTS_PORT:-8082} ;;
    sensor-simulator) port=${FLEUVE_SIMULATOR_PORT:-8083} ;;
    *) port= ;;
esac
port=${1:-$port}
[ -n "$port" ] || { echo "usage: health.sh PORT" >&2; exit 2; }

exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET /actuator/health/readiness HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
IFS= read -r -t 3 -u 3 status || exit 1
case "$status" in
    *' 200'*) exit 0 ;;
esac
echo "${status%$'\r'}"
cat <&3 | tail -n 1
exit 1
