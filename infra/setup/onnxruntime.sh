#!/usr/bin/env bash
# Brings the onnxruntime shared library into the folder $1, out of the npm package onnxruntime-node (MIT), and beside it the
# package itself for this platform, in node_modules: the tests run the documented Node lines with it.
# Node is there anyway, and the package ships the plain library for Linux and macOS. Its install script, which downloads more,
# is not run.
set -euo pipefail

version=1.30.0
target=${1:?usage: onnxruntime.sh FOLDER}
mkdir -p "$target"
target=$(cd "$target" && pwd)

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) place=bin/napi-v6/linux/x64 library=libonnxruntime.so.1 name=libonnxruntime.so ;;
    Linux-aarch64) place=bin/napi-v6/linux/arm64 library=libonnxruntime.so.1 name=libonnxruntime.so ;;
    Darwin-arm64) place=bin/napi-v6/darwin/arm64 library=libonnxruntime.$version.dylib name=libonnxruntime.dylib ;;
    *)
        echo "onnxruntime: no library for $(uname -s) $(uname -m); set ORT_DYLIB_PATH to your own" >&2
        exit 1
        ;;
esac

modules=$target/node_modules
[ -s "$target/$name" ] && [ -d "$modules" ] && [ "$(cat "$target/version" 2>/dev/null)" = "$version" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
again=$(cd "$(dirname "$0")" && pwd)/again.sh
echo "onnxruntime $version: downloading from npm (about 110 MB, once)" >&2
(cd "$work" && "$again" npm pack --silent --loglevel=error "onnxruntime-node@$version" "onnxruntime-common@$version" >/dev/null)
rm -rf "$modules" "$target/version"
mkdir -p "$modules/onnxruntime-node" "$modules/onnxruntime-common"
tar -xzf "$work"/onnxruntime-node-*.tgz -C "$modules/onnxruntime-node" --strip-components 1 \
    package/package.json package/dist "package/$place/$library" "package/$place/onnxruntime_binding.node"
tar -xzf "$work"/onnxruntime-common-*.tgz -C "$modules/onnxruntime-common" --strip-components 1
mv "$modules/onnxruntime-node/$place/$library" "$target/$name"
ln -s "../../../../../../$name" "$modules/onnxruntime-node/$place/$library"
echo "$version" > "$target/version"
