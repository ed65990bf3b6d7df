#!/usr/bin/env bash
# Runs an install command up to four times: a registry that is away for a moment must not fail a build of an hour.
#   again.sh npm ci --no-audit
set -uo pipefail

for pause in 5 20 60 last; do
    "$@" && exit 0
    code=$?
    [ "$pause" = last ] && break
    echo "again in $pause s: $* ended with $code" >&2
    sleep "$pause"
done
exit $code
