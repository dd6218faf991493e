#!/usr/bin/env bash
# Makes types from an OpenAPI document, compiles the client that uses them and runs
# it against the gateway at ODOOGRAPH_BASE with the key ODOOGRAPH_KEY.
# Usage: client.sh DOCUMENT.json
set -euo pipefail
document=$(realpath "$1")
cd "$(dirname "$0")"
rm -rf client/build
node_modules/.bin/openapi-typescript "$document" --output client/schema.d.ts >/dev/null
node_modules/.bin/tsc --project client
node client/build/client.js
