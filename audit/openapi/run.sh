#!/usr/bin/env bash
# Runs the outside checks of the REST API against the gateway at ODOOGRAPH_BASE: its
# OpenAPI documents are linted, a client that is typed by one is compiled and run, and
# prism judges by them whatever the scenarios of REST ask the stand-in.
set -euo pipefail
cd "$(dirname "$0")"

skip() { echo "SKIP SKIP SKIP: $1: the audits of the REST API DID NOT RUN"; exit 0; }
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --silent --ignore-scripts || skip "the packages cannot be installed"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
ODOOGRAPH_OPENAPI=
for contract in ../../rest/v*/openapi.json; do
  version=$(basename "$(dirname "$contract")")
  document=$work/$version.json
  node -e '
    const { ODOOGRAPH_BASE } = process.env;
    fetch(`${ODOOGRAPH_BASE}/api/${process.argv[1]}/openapi.json`).then(async (answer) => {
      if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
      process.stdout.write(await answer.text());
    });' "$version" >"$document"
  cmp "$document" "$contract" || { echo "the gateway serves another document of $version: run go generate ./rest"; failed=1; }
  ./lint.sh "$document" || failed=1
  ODOOGRAPH_OPENAPI=${ODOOGRAPH_OPENAPI:+$ODOOGRAPH_OPENAPI:}$document
done
./client.sh "$work/v1.json" || failed=1

export ODOOGRAPH_PRISM=$PWD/node_modules/.bin/prism ODOOGRAPH_OPENAPI
cd ../../scenario
of_rest=$(sed -n 's/^func \(Test[A-Za-z0-9]*\)(.*/\1|/p' rest_*_test.go legacy_*_test.go | tr -d '\n')
go test -count=1 -v -run "${of_rest}Prism|Judged|Contract|StandIn/./^auto\$/^REST" . >"$work/tests" || { cat "$work/tests"; failed=1; }
judged=$(grep -c -- '--- PASS: TestStandIn/1[479]/auto/REST' "$work/tests" || true)
[ "$judged" -gt 0 ] || { echo "no scenario of REST was judged"; failed=1; }
[ "$failed" = 1 ] || echo "pass  prism finds nothing wrong in $judged scenarios of REST"
exit "$failed"
