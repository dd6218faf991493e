#!/usr/bin/env bash
# Executes the blocks of the documents that need node, Python or PHP, with the packages
# that package-lock.json pins. `go test` executes all others.
set -euo pipefail
cd "$(dirname "$0")"

skip() { echo "SKIP SKIP SKIP: $1: the code of the guides DID NOT RUN"; exit 0; }
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --silent --ignore-scripts || skip "the packages cannot be installed"
fi
for name in python3 php; do
  command -v "$name" >/dev/null || echo "SKIP SKIP SKIP: there is no $name: its guide DOES NOT RUN"
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
export ODOOGRAPH_GUIDES=$PWD
go test -count=1 -v -run '^TestBlocks$' ../../docs >"$log" || failed=1
go test -count=1 -run '^TestScripts$' ../../internal/snippet || failed=1
[ "$failed" = 0 ] || grep -v '^=== ' "$log"
grep -h 'SKIP SKIP SKIP' "$log" || true
awk '/blocks executed/ { executed += $2; parsed += $5; marked += $7 } END {
  if (!executed) { print "no block of the documents was executed"; exit 1 }
  printf "pass  documents: %d blocks executed, %d parsed, %d marked as not run\n", executed, parsed, marked }' "$log" || failed=1
exit "$failed"
