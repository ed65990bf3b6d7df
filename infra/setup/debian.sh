#!/usr/bin/env bash
# Installs the named Debian packages that are missing. Elsewhere it says what to install and goes on.
set -euo pipefail

missing=()
for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "please install: ${missing[*]}" >&2
    exit 0
fi
run=()
[ "$(id -u)" -eq 0 ] || run=(sudo)
again=$(dirname "$0")/again.sh
export DEBIAN_FRONTEND=noninteractive
"$again" "${run[@]}" apt-get update -qq
"$again" "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
