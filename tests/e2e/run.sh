#!/usr/bin/env bash
# Starts a real server on a free port with a throw-away home and drives the page in Chromium.
set -euo pipefail

automl=$(realpath "${1:?usage: run.sh AUTOML_BINARY}")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
"$automl" serve --json --port 0 --home "$work/home" >"$work/out" 2>"$work/err" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$work"' EXIT

for _ in $(seq 300); do
    [ -s "$work/out" ] && break
    kill -0 $server 2>/dev/null || { cat "$work/err" >&2; exit 1; }
    sleep 0.1
done
field() { node -e 'console.log(JSON.parse(require("fs").readFileSync(process.argv[1], "utf8").split("\n")[0])[process.argv[2]])' "$work/out" "$1"; }
BASE_URL=$(field url)
TOKEN=$(field token)
export BASE_URL TOKEN

cd "$root/web" && npm run --silent e2e || { tail -50 "$work/err" >&2; exit 1; }
