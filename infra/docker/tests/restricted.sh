#!/usr/bin/env bash
# Runs the program under the rules of its image, where there is no engine: account 10001 without capabilities and without ever
# getting any, a read-only file system but for its home folder. A job has to complete with its ONNX file, and the health check of
# compose.yaml has to see the api. Needs root, for the mounts.
#   restricted.sh AUTOML_BINARY ONNXRUNTIME_LIBRARY
set -euo pipefail

automl=$(realpath "${1:?usage: restricted.sh AUTOML_BINARY ONNXRUNTIME_LIBRARY}")
library=$(realpath "${2:?usage: restricted.sh AUTOML_BINARY ONNXRUNTIME_LIBRARY}")
here=$(cd "$(dirname "$0")/.." && pwd)
[ "$(id -u)" -eq 0 ] || { echo 'restricted.sh needs root' >&2; exit 1; }

work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT
chmod 755 "$work"
# Where another account may read them, whatever the folders above look like.
install -m 755 "$automl" "$work/automl"
install -m 644 "$library" "$work/libonnxruntime.so"
mkdir "$work/home"
# Of the image: the account, its home, and what it is told.
port=$((20000 + RANDOM % 10000))
cat >"$work/inside.sh" <<END
set -euo pipefail
mount -t tmpfs -o mode=0750,uid=10001,gid=10001 tmpfs "$work/home"
mount -o remount,bind,ro /
! touch /restricted 2>/dev/null || { echo 'the file system can be written to' >&2; exit 1; }
exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    env -i PATH=/usr/bin:/bin AUTOML_HOME="$work/home" AUTOML_HOST=0.0.0.0 AUTOML_PORT=$port ORT_DYLIB_PATH="$work/libonnxruntime.so" \
    "$work/automl" serve --json
END
unshare --mount bash "$work/inside.sh" >"$work/out" 2>"$work/err" &
server=$!

for _ in $(seq 300); do
    [ -s "$work/out" ] && break
    kill -0 "$server" 2>/dev/null || { cat "$work/err" >&2; exit 1; }
    sleep 0.1
done
token=$(jq -r .token "$work/out")
api() { curl -sf "http://127.0.0.1:$port/graphql" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d "$1"; }

# The words of compose.yaml, with the port of here.
check=$(grep -o 'exec 3<>/dev/tcp.*\]\]' "$here/compose.yaml" | sed "s|/8080|/$port|; s|\\\\\\\\|\\\\|g; s|\\\$\\\$|\\\$|g")
bash -c "$check" || { echo "the health check of compose.yaml does not see the api: $check" >&2; exit 1; }

dataset=$(api '{"query":"mutation { createSampleDataset(input: {key: \"penguins\"}) { dataset { id } } }"}' | jq -r .data.createSampleDataset.dataset.id)
job=null
for _ in $(seq 60); do
    # Until its profile is there, no job can be begun.
    job=$(api "{\"query\":\"mutation { createJob(input: {datasetId: \\\"$dataset\\\", target: \\\"species\\\", budgetSeconds: 10}) { job { id } } }\"}" | jq -r .data.createJob.job.id)
    [ "$job" != null ] && break
    sleep 0.5
done
for _ in $(seq 120); do
    ended=$(api "{\"query\":\"{ node(id: \\\"$job\\\") { ... on Job { state model { downloads { kind } } } } }\"}")
    [[ $(jq -r .data.node.state <<<"$ended") =~ COMPLETED|FAILED ]] && break
    sleep 0.5
done
jq -e '.data.node.state == "COMPLETED" and any(.data.node.model.downloads[]; .kind == "ONNX")' <<<"$ended" >/dev/null || {
    echo "the job did not complete with its ONNX file: $ended" >&2
    tail -20 "$work/err" >&2
    exit 1
}
echo 'a job completed under the rules of the image'
