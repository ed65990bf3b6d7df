#!/usr/bin/env bash
# Brings the onnxruntime shared library into the folder $1, out of the npm package onnxruntime-node (MIT).
# Node is there anyway, and the package ships the plain library for Linux and macOS.
set -euo pipefail

version=1.30.0
target=${1:?usage: onnxruntime.sh FOLDER}
mkdir -p "$target"
target=$(cd "$target" && pwd)

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) member=package/bin/napi-v6/linux/x64/libonnxruntime.so.1 name=libonnxruntime.so ;;
    Linux-aarch64) member=package/bin/napi-v6/linux/arm64/libonnxruntime.so.1 name=libonnxruntime.so ;;
    Darwin-arm64) member=package/bin/napi-v6/darwin/arm64/libonnxruntime.$version.dylib name=libonnxruntime.dylib ;;
    *)
        echo "onnxruntime: no library for $(uname -s) $(uname -m); set ORT_DYLIB_PATH to your own" >&2
        exit 1
        ;;
esac

[ -s "$target/$name" ] && [ "$(cat "$target/version" 2>/dev/null)" = "$version" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "onnxruntime $version: downloading from npm (about 110 MB, once)" >&2
(cd "$work" && npm pack --silent --loglevel=error "onnxruntime-node@$version" >/dev/null)
tar -xzf "$work"/onnxruntime-node-*.tgz -C "$work" "$member"
mv "$work/$member" "$target/$name"
echo "$version" > "$target/version"
