#!/bin/sh
exec "$(dirname "$0")/fleuve-tool.sh" "$(basename "$0")" org.apache.kafka.tools.ProducerPerformance "$@"
