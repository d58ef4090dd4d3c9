"""Models and methods: weights, adapters, settings, training data of a job. No rules."""


def trained_in_full(wildcards) -> bool:
    """Whether a job's arm has weights of its own instead of an adapter."""
    return parse_arm(wildcards.get("arm", "vanilla")).method in FULL_METHODS


def trained_folder(wildcards) -> str:
    """Where an arm's training put its adapter or weights."""
    arm = parse_arm(wildcards.arm)
    return f"results/models/{wildcards.model}/{arm.culture}/{arm.method}/seed{arm.seed}"


def base_folder(wildcards) -> list[str]:
    """Folder of the weights that a job loads: none if they are the model's own.

    The arm's, if it was trained in full; the unpacked base model's, if that comes inside a
    Python package.
    """
    if trained_in_full(wildcards):
        return [f"{trained_folder(wildcards)}/weights"]
    if is_packaged(CFG.models[wildcards.model].source):
        return [f"results/models/{wildcards.model}/base"]
    return []


def permission(wildcards) -> list[str]:
    """The record that a job's model can be had, if it comes from the hub."""
    return permissions([wildcards.model])


def permissions(models: list[str]) -> list[str]:
    """The records that models can be had, of those that come from the hub."""
    return [
        f"results/models/{model}/access.json"
        for model in models
        if is_on_hub(CFG.models[model].source)
    ]


def packaged_bases() -> list[str]:
    """The unpacked base models of the run."""
    packaged = [model for model in RUN.models if is_packaged(CFG.models[model].source)]
    return [f"results/models/{model}/base" for model in packaged]


def adapter_of(wildcards) -> list[str]:
    """The adapter of an arm; none for vanilla, prompt-only and fully trained arms."""
    untrained = parse_arm(wildcards.arm).method in ["vanilla", *PROMPT_METHODS]
    if untrained or trained_in_full(wildcards):
        return []
    return [f"{trained_folder(wildcards)}/adapter"]


def start_adapter(wildcards) -> list[str]:
    """The adapter that a PPO method starts from; none if it starts from the vanilla model."""
    start = CFG.methods[wildcards.method].start
    folder = f"results/models/{wildcards.model}/{wildcards.culture}/{start}/seed{wildcards.seed}"
    return [] if start == "vanilla" else [f"{folder}/adapter"]


def start_weights(wildcards) -> list[str]:
    """Full weights that a PPO method starts from: merged if it starts from SFT."""
    start = CFG.methods[wildcards.method].start
    if start == "vanilla":
        return base_folder(wildcards)
    folder = f"results/models/{wildcards.model}/{wildcards.culture}/{start}/seed{wildcards.seed}"
    return [f"{folder}/merged"]


def ppo_examples(wildcards) -> str:
    """Training prompts of a PPO method's task."""
    ranks = CFG.methods[wildcards.method].task == "ranking"
    folder = "ranking" if ranks else wildcards.method
    return f"results/data/{wildcards.culture}/{folder}/train.jsonl"


def ppo_associations(wildcards) -> list[str]:
    """Human associations that free lists are rewarded by; rankings carry their own counts."""
    if CFG.methods[wildcards.method].task == "ranking":
        return []
    return [f"results/data/{wildcards.culture}/associations.parquet"]


def ppo_task(wildcards) -> dict:
    """What the reward of a PPO method depends on beside its data."""
    rules = {"rules": language(wildcards).rules()}
    if CFG.methods[wildcards.method].task == "ranking":
        return {"reward": CFG.ranking.reward.model_dump()} | rules
    return rules


def training_logs(methods: list[str]) -> list[str]:
    """Training logs of the run's arms that some methods trained."""
    chosen = [method for method in RUN.methods if method in methods]
    grid = product(TRAINED_MODELS, RUN.cultures, chosen, RUN.seeds)
    return [
        f"results/models/{model}/{culture}/{method}/seed{seed}/training.parquet"
        for model, culture, method, seed in grid
    ]


def model_settings(wildcards) -> dict:
    """Settings of a model that its answers depend on; another label re-runs no job."""
    return {
        **CFG.models[wildcards.model].model_dump(exclude={"train", "tasks", "baseline"}),
        "label": wildcards.model,
    }


def trained_model_settings(wildcards) -> dict:
    """Settings of a model that training depends on: not the engine that answers."""
    answering = {"train", "tasks", "baseline", "engine", "tensor_parallel", "max_sequences"}
    answering |= {"max_model_length"}
    return CFG.models[wildcards.model].model_dump(exclude=answering) | {"label": wildcards.model}


def method_settings(wildcards) -> dict:
    """Settings of a method that training depends on; another label re-runs no job."""
    return {**CFG.methods[wildcards.method].model_dump(), "label": wildcards.method}


def trained_methods() -> list[str]:
    """Methods that the run trains, with those that they continue."""
    continued = {
        before
        for name in RUN.methods
        for before in (
            getattr(CFG.methods[name], "start", None),
            getattr(CFG.methods[name], "associations", None),
        )
    }
    trained = {*RUN.methods, *continued} - {*PROMPT_METHODS}
    return [name for name in CFG.methods if name in trained]


def hyperparameters() -> dict:
    """Settings of the trained methods; LoRA trains in the precision of the run's models."""
    named = {"auto": "auto: bf16 if the processor has it"}
    found = {CFG.models[model].precision for model in TRAINED_MODELS}
    precision = ", ".join(sorted(named.get(each, each) for each in found))
    lora = {"precision": precision}
    return {
        name: CFG.methods[name].model_dump() | ({} if name in FULL_METHODS else lora)
        for name in trained_methods()
    }
