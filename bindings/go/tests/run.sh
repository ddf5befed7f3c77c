#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the compiled tests of one file: run.sh TESTS FILE [OPTIONS...]. Exits with 77 if all are skipped.
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
