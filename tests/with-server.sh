#!/usr/bin/env bash
# with-server.sh AUTOML_BINARY COMMAND…: runs a command while a real server answers on a free port, with a throw-away home.
# The command finds it in BASE_URL and TOKEN, and its files in SERVER_HOME.
set -euo pipefail

automl=$(realpath "${1:?usage: with-server.sh AUTOML_BINARY COMMAND…}")
shift
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
SERVER_HOME=$work/home
export BASE_URL TOKEN SERVER_HOME

"$@" || { tail -30 "$work/err" >&2; exit 1; }
