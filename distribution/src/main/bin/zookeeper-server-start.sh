#!/bin/sh
echo "zookeeper-server-start.sh: nothing to start. There is no ZooKeeper: the broker keeps what it knows in PostgreSQL, which it brings along." >&2
