#!/bin/sh
echo "zookeeper-server-stop.sh: nothing to stop. There is no ZooKeeper: the broker keeps what it knows in PostgreSQL, which it brings along." >&2
