#!/usr/bin/env bash
# Looks through the history of the REST API's contracts, rest/v*/openapi.json, and
# fails if a commit broke clients. It goes back to the last commit whose message has
# a line "contract break: <why>": with it a break is meant, in that commit or before.
set -euo pipefail
cd "$(dirname "$0")/../.."

old=$(mktemp --suffix .json) new=$(mktemp --suffix .json)
trap 'rm -f "$old" "$new"' EXIT
[ "$(git rev-parse --is-shallow-repository)" = false ] || echo "SKIP: the clone is shallow: only the commits that are here are looked through"
meant=$(git log -1 --extended-regexp --grep '^contract break: .' --format=%H)
failed=0
range=${meant:+$meant..}HEAD
for contract in $(git log --format= --name-only "$range" -- 'rest/v*/openapi.json' | sort -u); do
  for commit in $(git log --no-merges --format=%H "$range" -- "$contract"); do
    git show "$commit^:$contract" >"$old" 2>/dev/null || continue # it is the first one
    git show "$commit:$contract" >"$new" 2>/dev/null || { echo "$commit removes $contract"; failed=1; continue; }
    audit/openapi/compare.sh "$old" "$new" || { git log -1 --format="%h %s breaks clients of $contract" "$commit"; failed=1; }
  done
done
exit "$failed"
