#!/usr/bin/env bash
# On a machine with an NVIDIA GPU: tries automl-trainer-cuda, trains the same network on both devices and prints figures.
# Never run so far (docs/gpu.md). Usage: gpu.sh FOLDER_OF_THE_PROGRAMS FILE_OF_VARIABLES
set -euo pipefail
programs=$(cd "${1:?folder of the programs}" && pwd)
source "${2:?file of infra/setup/cuda.sh}"
export LD_LIBRARY_PATH=$CUDA_HOME/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}

nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader
"$programs/automl-trainer-cuda" probe && echo 'the GPU computes'
"$programs/automl-trainer-cuda" compare
