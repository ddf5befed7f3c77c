#!/bin/sh
# SPDX-License-Identifier: MIT
# The entrypoint of a container: waits for the services, then becomes the program.
set -eu

# The targets are URLs, which usually configure containers. Their passwords are never printed. exec: the
# program becomes process 1, gets the signals of the container, and its exit code is that of the container.
exec portend "$DATABASE_URL" "$CACHE_URL" occupied -t "${WAIT:-60s}" -v -- "$@"
