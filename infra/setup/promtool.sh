#!/usr/bin/env bash
# promtool.sh FOLDER: brings promtool out of Debian's package `prometheus`, whose installation would start a server. Elsewhere it
# says what is missing and goes on.
set -euo pipefail

folder=$(realpath "${1:?usage: promtool.sh FOLDER}")
[ -x "$folder/promtool" ] && exit 0
if command -v promtool >/dev/null; then
    ln -s "$(command -v promtool)" "$folder/promtool"
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "please install promtool (of Prometheus) into $folder" >&2
    exit 0
fi
run=()
[ "$(id -u)" -eq 0 ] || run=(sudo)
again=$(realpath "$(dirname "$0")/again.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$again" "${run[@]}" apt-get update -qq
"$again" apt-get download -qq prometheus
dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x --strip-components=3 ./usr/bin/promtool
install -m 0755 promtool "$folder/promtool"
