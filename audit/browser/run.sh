#!/usr/bin/env bash
# Runs the browser checks, or those that are named, against a demo on a free port; or
# against the gateway that ODOOGRAPH_PAGE_URL names, with ODOOGRAPH_PAGE_KEY, whose
# Odoo must be one that may be changed. Pictures go to ODOOGRAPH_SCREENSHOTS.
set -euo pipefail
cd "$(dirname "$0")"

skip() { echo "SKIP SKIP SKIP: $1: the browser checks DID NOT RUN"; exit 0; }
export CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}
[ -n "$CHROMIUM" ] || skip "there is no chromium"
command -v npm >/dev/null || skip "there is no npm"
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --silent || skip "the packages cannot be installed"
fi

work=$(mktemp -d)
gateway=
stop() { [ -z "$gateway" ] || { kill "$gateway" && wait "$gateway"; } || true; rm -rf "$work"; }
trap stop EXIT
if [ -z "${ODOOGRAPH_PAGE_URL:-}" ]; then
  go build -C ../.. -o "$work/odoograph" .
  "$work/odoograph" demo --addr 127.0.0.1:0 --log-format json --rate-limit 1000000 --cost-restore 1000000 2>"$work/log" >/dev/null &
  gateway=$!
  for _ in $(seq 100); do
    ODOOGRAPH_PAGE_URL=$(grep -o 'http://[^"]*/graphql' "$work/log" | sed 's|/graphql$||' || true)
    [ -z "$ODOOGRAPH_PAGE_URL" ] || break
    kill -0 "$gateway" 2>/dev/null || { cat "$work/log"; exit 1; }
    sleep 0.1
  done
fi
export ODOOGRAPH_PAGE_URL ODOOGRAPH_PAGE_KEY=${ODOOGRAPH_PAGE_KEY:-odg_demo}
export ODOOGRAPH_SCREENSHOTS=${ODOOGRAPH_SCREENSHOTS:-$(mktemp -d)}
mkdir -p "$ODOOGRAPH_SCREENSHOTS"

failed=0
for spec in "${@:-*.mjs}"; do
  for file in $spec; do
    [ "$file" = browser.mjs ] || node --test --test-force-exit --test-timeout=300000 "$file" || failed=1
  done
done
[ ! -e "$work/log" ] || go run ../../internal/leaklog <"$work/log" || failed=1
echo "screenshots: $ODOOGRAPH_SCREENSHOTS"
exit "$failed"
