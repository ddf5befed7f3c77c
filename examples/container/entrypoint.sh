#!/bin/sh
# SPDX-License-Identifier: MIT
# The entrypoint of a container: waits for the services, then becomes the program.
set -eu

# The targets are URLs, as containers are configured by them. Their passwords are printed nowhere. exec: the
# program is process 1, gets the signals of the container, and its exit code is that of the container.
exec portend "$DATABASE_URL" "$CACHE_URL" occupied -t "${WAIT:-60s}" -v -- "$@"
