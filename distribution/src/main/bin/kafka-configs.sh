#!/bin/sh
exec "$(dirname "$0")/fleuve-tool.sh" "$(basename "$0")" kafka.admin.ConfigCommand "$@"
