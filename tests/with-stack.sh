#!/usr/bin/env bash
# with-stack.sh DEV_SERVICES AUTOML_BINARY COMMAND…: runs a command while the production form answers, on free ports: one
# `automl api` and two `automl worker` over Postgres, Redis and an S3 server. The command finds it in BASE_URL, TOKEN and STORE_URL.
set -euo pipefail

services=$(realpath "${1:?usage: with-stack.sh DEV_SERVICES AUTOML_BINARY COMMAND…}")
automl=$(realpath "$2")
shift 2
work=$(mktemp -d)
# Postgres runs as another account when root starts it.
chmod 711 "$work"
trap 'rm -rf "$work"' EXIT

inside='
work=$1; automl=$2; shift 2
trap "kill \$(jobs -p) 2>/dev/null; wait" EXIT
"$automl" api --json --port 0 --home "$work/api" >"$work/out" 2>"$work/api.err" &
api=$!
for worker in 1 2; do "$automl" worker --slots 1 --home "$work/worker-$worker" 2>"$work/worker-$worker.err" & done
for _ in $(seq 300); do
    [ -s "$work/out" ] && break
    kill -0 $api 2>/dev/null || { cat "$work/api.err" >&2; exit 1; }
    sleep 0.1
done
field() { node -e "console.log(JSON.parse(require(\"fs\").readFileSync(process.argv[1], \"utf8\").split(\"\\n\")[0])[process.argv[2]])" "$work/out" "$1"; }
BASE_URL=$(field url) TOKEN=$(field token) STORE_URL=$AUTOML_S3_ENDPOINT
export BASE_URL TOKEN STORE_URL
"$@" || { tail -n 30 "$work"/*.err >&2; exit 1; }
'
"$services" --folder "$work/services" --volatile --postgres-port 0 --redis-port 0 --s3-port 0 -- \
    bash -euo pipefail -c "$inside" with-stack "$work" "$automl" "$@"
