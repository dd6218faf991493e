#!/usr/bin/env bash
# Writes the REST API's contracts anew, rest/v*/openapi.json, unless that breaks
# clients: then the old one stays, and `go generate ./rest` writes it all the same.
set -euo pipefail
cd "$(dirname "$0")/../.."

new=$(mktemp --suffix .json)
trap 'rm -f "$new"' EXIT
for contract in rest/v*/openapi.json; do
  version=$(basename "$(dirname "$contract")")
  go run . openapi "$version" --output "$new"
  audit/openapi/compare.sh "$contract" "$new"
  cp "$new" "$contract"
done
