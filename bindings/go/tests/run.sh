#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs what one file has of the compiled tests: run.sh TESTS FILE [OPTIONS...]. 77 is a skip of all.
tests=$1
file=$2
shift 2
names=$(sed -n 's/^func \(\(Test\|Example\)[A-Za-z0-9_]*\)(.*/\1/p' "$file" | paste -sd '|')
[ -n "$names" ] || { echo "$file has no tests"; exit 1; }
output=$(mktemp)
"$tests" -test.v -test.count=1 -test.run "^($names)\$" "$@" >"$output" 2>&1
status=$?
cat "$output"
if [ $status -eq 0 ] && ! grep -q '^--- PASS' "$output"; then
  status=1
  grep -q '^--- SKIP' "$output" && status=77
fi
rm -f "$output"
exit $status
