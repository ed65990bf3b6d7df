#!/usr/bin/env bash
# Brings what building automl-trainer-cuda needs into the folder $1: NVIDIA's compiler and libraries from PyPI (1.2 GB, under
# NVIDIA's own licences), and a stub of the driver's library, which no package has. Nothing of it needs a GPU or a driver.
# Prints the variables that a build needs; `source` them.
set -euo pipefail

# CUDA 13.0: what the crate cudarc knows, and drivers from 580 on.
packages=(
    nvidia-cuda-nvcc==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-runtime==13.0.96
    nvidia-cuda-cccl==13.0.85 nvidia-cuda-nvrtc==13.0.88 nvidia-cublas==13.0.2.14 nvidia-curand==10.4.0.35
)
target=${1:?usage: cuda.sh FOLDER}
mkdir -p "$target"
target=$(cd "$target" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
home=$target/nvidia/cu13

if [ "$(cat "$target/version" 2>/dev/null)" != "${packages[*]}" ]; then
    echo "CUDA 13.0: downloading from PyPI (about 1 GB, once)" >&2
    rm -rf "$target"/*
    python3 -m venv "$target/venv" >&2
    "$root/infra/setup/again.sh" "$target/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$target" "${packages[@]}" >&2
    # The wheels have the names that programs load (libcublas.so.13); the linker looks for those without a version.
    for library in "$home"/lib/lib*.so.*; do
        plain=${library%%.so.*}.so
        [ -e "$plain" ] || ln -s "$(basename "$library")" "$plain"
    done
    echo "${packages[*]}" > "$target/version"
fi

# The driver's library comes with a GPU's driver. To link, a library with the same names is enough: its functions say
# CUDA_ERROR_STUB_LIBRARY (34). The names are those that the crate cudarc declares.
stubs=$home/lib/stubs
if [ ! -e "$stubs/libcuda.so.1" ]; then
    mkdir -p "$stubs"
    (cd "$root" && cargo fetch --quiet --locked >&2)
    manifest=$(cd "$root" && cargo metadata --format-version 1 --locked --features cuda |
        grep -o '"manifest_path":"[^"]*/cudarc-[^"]*/Cargo.toml"' | head -1 | cut -d'"' -f4)
    grep -oE 'pub unsafe fn cu[A-Z][A-Za-z0-9_]*' "$(dirname "$manifest")/src/driver/sys/mod.rs" | awk '{ print $4 }' |
        sort -u | sed 's/.*/int &(void) { return 34; }/' > "$stubs/stub.c"
    cc -shared -fPIC -Wl,-soname,libcuda.so.1 -o "$stubs/libcuda.so.1" "$stubs/stub.c"
    ln -sf libcuda.so.1 "$stubs/libcuda.so"
fi

cat <<END
export CUDA_HOME='$home'
export PATH='$home/bin':"\$PATH"
export LIBRARY_PATH='$home/lib:$home/lib/stubs'
export CUDA_COMPUTE_CAP="\${CUDA_COMPUTE_CAP:-80}"
END
