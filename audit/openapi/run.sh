#!/usr/bin/env bash
# Runs the outside checks of the REST API against the gateway at ODOOGRAPH_BASE: its
# OpenAPI document is linted, a client that is typed by it is compiled and run, and
# prism, which judges what the scenarios answer, is tried.
set -euo pipefail
cd "$(dirname "$0")"

skip() { echo "SKIP SKIP SKIP: $1: the audits of the REST API DID NOT RUN"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
document=$work/openapi.json
node -e '
  const { ODOOGRAPH_BASE, ODOOGRAPH_KEY } = process.env;
  fetch(`${ODOOGRAPH_BASE}/api/v1/openapi.json`, { headers: { Authorization: `Bearer ${ODOOGRAPH_KEY}` } }).then(async (answer) => {
    if (answer.status === 404) process.exit(44);
    if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
    process.stdout.write(await answer.text());
  });' >"$document" || { [ $? = 44 ] && skip "the gateway has no OpenAPI document" || exit 1; }
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --silent --ignore-scripts || skip "the packages cannot be installed"
fi

failed=0
./lint.sh "$document" || failed=1
./client.sh "$document" || failed=1
export ODOOGRAPH_PRISM=$PWD/node_modules/.bin/prism ODOOGRAPH_OPENAPI=$document
go test -count=1 -run 'Prism|Judged|Contract' ../../scenario || failed=1
exit "$failed"
