#!/usr/bin/env bash
# After envs/ppo.yaml: packages that are built against the torch installed there.
set -euo pipefail
pip install --no-deps --no-build-isolation deepspeed==0.19.6 flash-attn==2.8.3
pip install --no-deps openrlhf==0.11.2
