#!/usr/bin/env bash
# Lints an OpenAPI document: spectral with the rules of OWASP, redocly with those
# that it recommends. Errors fail, warnings are shown.
# Usage: lint.sh DOCUMENT.json
set -euo pipefail
document=$(realpath "$1")
cd "$(dirname "$0")"
export REDOCLY_SUPPRESS_UPDATE_NOTICE=true

failed=0
node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity error "$document" || failed=1
node_modules/.bin/redocly lint --config redocly.yaml --format stylish "$document" || failed=1
exit "$failed"
