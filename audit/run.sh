#!/usr/bin/env bash
# Starts the gateway with its stand-in for Odoo on a free port and runs the outside
# checks against it.
set -euo pipefail
cd "$(dirname "$0")"

skip() { echo "SKIP SKIP SKIP: $1: the audits DID NOT RUN"; exit 0; }
command -v npm >/dev/null || skip "there is no npm"
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --silent || skip "the packages cannot be installed"
fi

work=$(mktemp -d)
gateway=
stop() { [ -z "$gateway" ] || { kill "$gateway" && wait "$gateway"; } || true; rm -rf "$work"; }
trap stop EXIT
go build -C .. -o "$work/odoograph" .
"$work/odoograph" demo --addr 127.0.0.1:0 --log-format json --rate-limit 1000000 --cost-restore 1000000 2>"$work/log" >/dev/null &
gateway=$!
for _ in $(seq 100); do
  ODOOGRAPH_URL=$(grep -o 'http://[^"]*/graphql' "$work/log" || true)
  [ -z "$ODOOGRAPH_URL" ] || break
  kill -0 "$gateway" 2>/dev/null || { cat "$work/log"; exit 1; }
  sleep 0.1
done
export ODOOGRAPH_URL ODOOGRAPH_KEY=${ODOOGRAPH_KEY:-odg_demo}

failed=0
node graphql-http.mjs || failed=1
node security.mjs || failed=1
ODOOGRAPH_BASE=${ODOOGRAPH_URL%/graphql} openapi/run.sh || failed=1
guides/run.sh || failed=1
browser/run.sh || failed=1
../playground/app/check.sh || failed=1
go run ../internal/leaklog <"$work/log" || failed=1
exit "$failed"
