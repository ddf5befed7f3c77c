#!/bin/sh
# SPDX-License-Identifier: MIT
# A test fixture that starts a server: the test runs when the server listens, and the server ends with it.
set -eu
if [ "${1-}" != test ]; then
  exec portend run -s "redis: exec redis-server --port \$PORT --save ''" -- "$0" test
fi

answer=$(redis-cli -p "$REDIS_PORT" ping)
echo "redis answers: $answer"
[ "$answer" = PONG ]
