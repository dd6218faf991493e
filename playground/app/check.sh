#!/usr/bin/env bash
# Builds the page again from the lock file and compares it with what is committed.
set -euo pipefail
cd "$(dirname "$0")"

skip() { echo "SKIP SKIP SKIP: $1: whether the playground is built of its sources WAS NOT CHECKED"; exit 0; }
command -v npm >/dev/null || skip "there is no npm"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r build.mjs package.json package-lock.json src "$work"
(cd "$work" && npm ci --silent --no-audit --no-fund >/dev/null 2>&1) || skip "the packages cannot be installed"
(cd "$work" && node build.mjs "$work/dist")
diff -r "$work/dist" ../dist || { echo "run npm ci && npm run build in playground/app and commit playground/dist"; exit 1; }
