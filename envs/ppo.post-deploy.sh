#!/usr/bin/env bash
# After envs/ppo.yaml: packages that are built against the torch installed there, where there may be
# no GPU to ask. Architectures: A100 (8.0) and H100 (9.0); for others set both variables before.
set -euo pipefail
export CUDA_HOME="${CUDA_HOME:-$CONDA_PREFIX}"
export CPATH="$CONDA_PREFIX/targets/x86_64-linux/include${CPATH:+:$CPATH}"
export TORCH_CUDA_ARCH_LIST="${TORCH_CUDA_ARCH_LIST:-8.0;9.0}"
export FLASH_ATTN_CUDA_ARCHS="${FLASH_ATTN_CUDA_ARCHS:-80;90}"
# Adam on the CPU is built here, not by the first job, whose ranks would all build it at once.
DS_BUILD_CPU_ADAM=1 pip install --no-deps --no-build-isolation deepspeed==0.19.6
pip install --no-deps --no-build-isolation flash-attn==2.8.3
pip install --no-deps openrlhf==0.11.2
