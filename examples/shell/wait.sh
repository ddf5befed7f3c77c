#!/bin/sh
# SPDX-License-Identifier: MIT
# Waits for two services: wait.sh DATABASE CACHE, each as HOST:PORT or a URL.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: wait.sh DATABASE CACHE" >&2
  exit 2
fi
portend "$1" "$2" occupied -t 30
echo ready
