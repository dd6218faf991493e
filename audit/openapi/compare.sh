#!/usr/bin/env bash
# Compares two OpenAPI documents and fails where clients of the old one would break
# on the new one. severity.txt makes errors of what oasdiff lets pass: a field that
# may be left out (fields=) is promised nevertheless, and an unknown parameter or
# field of a body is refused.
# Usage: compare.sh OLD.json NEW.json
set -euo pipefail
OASDIFF=v1.30.0
levels=$(dirname "$0")/severity.txt

tools=$(go env GOPATH)/bin
go version -m "$tools/oasdiff" 2>/dev/null | grep "oasdiff.*$OASDIFF" >/dev/null || go install "github.com/oasdiff/oasdiff@$OASDIFF"
"$tools/oasdiff" breaking --fail-on ERR --severity-levels "$levels" "$1" "$2"
