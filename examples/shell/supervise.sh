#!/bin/sh
# SPDX-License-Identifier: MIT
# Starts a server again whenever it ends, and prints the changes of its port: supervise.sh LINE. sh runs the
# line, which finds its port in $PORT. SIGINT and SIGTERM stop it.
set -eu
if [ $# -ne 1 ]; then
  echo "usage: supervise.sh LINE" >&2
  exit 2
fi

run=
# shellcheck disable=SC2317  # trap calls it
stop() {
  kill "$run"
  wait "$run" || :
  exit 0
}
trap stop INT TERM

server_failed=125 # portend run: the server ended before the command
status=$server_failed
while [ "$status" -eq "$server_failed" ]; do
  # shellcheck disable=SC2016  # the shell of the command expands $PORT
  portend run -s "$1" -- sh -c 'exec portend watch "localhost:$PORT"' &
  run=$!
  status=0
  wait "$run" || status=$?
done
exit "$status"
