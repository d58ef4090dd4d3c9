#!/bin/bash
#SBATCH --job-name=test-gpu --nodes=1 --gpus=1 --cpus-per-task=8 --mem=64000 --time=65
# Can a GPU node run the workflow, and how fast? From the repository, after `make`:
#   sbatch -A ACCOUNT -p PARTITION slurm/test-gpu.sh             # --gpus=4 for as many
#   sbatch ... slurm/test-gpu.sh .venv/bin/python OTHER/python   # in several environments
# It ends at the first difference, and after an hour. The same command again continues there:
# results/gpu.json holds what passed, and what was measured, which `make plan` reads.
# CULTURALIGN_GPU_CONFIG="config/paper.yaml config/sound.yaml" names another run,
# CULTURALIGN_GPU_RECORD=FILE another file.
export CULTURALIGN_TEST_GPU=1
for python in "${@:-.venv/bin/python}"; do
  # SIGINT, so that pytest ends what it has started
  timeout --signal=INT --kill-after=60 $((3600 - SECONDS)) \
    "$python" -m pytest -x -s -rs -p tests.gpu.resume -o tmp_path_retention_policy=none \
    tests/gpu tests/unit/training/test_multi_gpu.py || exit
done
