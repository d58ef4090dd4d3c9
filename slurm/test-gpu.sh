#!/bin/bash
#SBATCH --job-name=test-gpu --nodes=1 --gpus=1 --cpus-per-task=8 --mem=64000 --time=60
# Can a GPU node run the workflow? From the repository, after `make`:
#   sbatch -A ACCOUNT -p PARTITION slurm/test-gpu.sh             # --gpus=4 for as many
#   sbatch ... slurm/test-gpu.sh /path/to/python                 # of another environment
# CULTURALIGN_GPU_CONFIG="config/paper.yaml config/sound.yaml" names another run.
export CULTURALIGN_TEST_GPU=1
exec "${1:-.venv/bin/python}" -m pytest -s -rs tests/gpu \
  tests/unit/training/test_multi_gpu.py
