#!/bin/bash
# Ends once an address accepts connections: what comes up after it need not know what listens there.
#
#   wait-for.sh HOST:PORT [SECONDS]
set -u

address=${1:?usage: wait-for.sh HOST:PORT [SECONDS]}
limit=${2:-180}
while ! (exec 3<>"/dev/tcp/${address%:*}/${address##*:}") 2>/dev/null; do
    if [ "$SECONDS" -ge "$limit" ]; then
        echo "wait-for.sh: nothing has listened on $address for $limit s" >&2
        exit 1
    fi
    sleep 0.5
done
echo "$address accepts connections"
