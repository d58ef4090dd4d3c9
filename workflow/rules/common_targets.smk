"""What the run builds: names of its tables and figures. No rules."""


def planted_cultures() -> list[str]:
    """Synthetic cultures of the run, whose effect is known."""
    return [culture for culture in RUN.cultures if CFG.cultures[culture].planted]


def standing_for() -> dict[str, dict]:
    """The paper's US and ZH -> the culture of the run with that country, if there is one."""
    found = {}
    invented = CFG.survey is not None and CFG.survey.file.startswith("results/demo/")
    for table, culture in TABLES.items():
        settings = CFG.cultures[culture]
        place = {"USA": "US", "CHN": "ZH"}.get(settings.country)
        synthetic = invented or settings.planted is not None
        if place and (place not in found or not synthetic):
            found[place] = {
                "label": settings.label,
                "name": culture,
                "table": table,
                "ranking": next((t for t, name in RANKINGS.items() if name == culture), None),
                "attributes": next(
                    (name for name, pair in ATTRIBUTE_TABLES.items() if pair[0] == culture),
                    f"attributes_{culture}",
                ),
                "synthetic": synthetic,
            }
    return found


def table_names() -> list[str]:
    """Names of all tables of the run."""
    return [*checked_tables(), "claims"]


def checked_tables() -> list[str]:
    """Names of the tables that the paper's statements are held against: all but theirs."""
    parts = ("", "_contrasts", "_ceiling", "_lists", "_decoding")
    names = [f"{table}{part}" for table, part in product(TABLES, parts)]
    names += [f"planted_{culture}" for culture in planted_cultures()]
    names += [f"{table}{part}" for table, part in product(RANKINGS, parts[:3])]
    names += ["table9", "table9_accuracy"] if quizzed() else []
    if surveyed():
        names += ["table7", "table7_contrasts", "survey_questions", "survey_ledger"]
        names += [f"tension_{pole}" for pole in built_poles()]
        names += in_orders(["table8", "table14"]) if CFG.survey.poles[1] in built_poles() else []
    for name in ATTRIBUTE_TABLES:
        names += [name, f"{name}_tests", f"{name}_contrasts"]
    names += [f"humans_{culture}" for culture in attribute_cultures()]
    names += ["norms"] if attribute_cultures() else []
    names += [*clca_tables(), "ledger", "sources"]
    names += ["table10"] if set(trained_methods()) & set(SFT_METHODS) - set(CONTROLS) else []
    return names + (["table11"] if set(trained_methods()) & set(PPO_METHODS) else [])


def figure_names() -> list[str]:
    """Names of all figures of the run; the paper's in the order of their numbers."""
    trained = set(RUN.methods if TRAINED_MODELS else [])
    names = ["precision"] + ["training"] * bool(trained & set(SFT_METHODS))
    names += ["ppo"] * bool(trained & set(PPO_METHODS))
    if surveyed():
        first, second = (pole in built_poles() for pole in CFG.survey.poles)
        plain = ["fig2", "fig10"] + ["fig11"] * first + ["fig3", "fig12", "fig13"] * second
        names += in_orders(plain)
    names += ATTRIBUTE_FIGURES
    names += ["fig1"] if any(CFG.cultures[c].spotlight for c in RUN.cultures) else []
    return sorted(names, key=lambda name: int(re.sub(r"\D", "", name) or 0))


def in_orders(names: list[str]) -> list[str]:
    """Tables or figures of the plain order, each with its companion if there are more orders."""
    return [f"{name}{order}" for name in names for order in ORDERS]


def caption_of(figure: str) -> str:
    """Name of a figure's caption in workflow/report/; figures of one kind share it."""
    figure = figure.removesuffix("_debiased")
    if figure in ATTRIBUTE_FIGURES:
        return "attributes"
    shared = {"thresholds": "fig2 fig10", "leanings": "fig3 fig11", "topics": "fig12 fig13"}
    return next((name for name, kind in shared.items() if figure in kind.split()), figure)


def table_files() -> list[str]:
    """All tables of the run, in every format."""
    return expand("results/tables/{name}.{format}", name=table_names(), format=TABLE_FORMATS)


def figure_files() -> list[str]:
    """All figures of the run, in every format, with the numbers drawn."""
    return expand("results/figures/{name}.{format}", name=figure_names(), format=FIGURE_FORMATS)


def named_targets() -> dict[str, list[str]]:
    """Name of each table and figure of the run -> its files, and those of its companion."""
    kinds = (("tables", table_names(), TABLE_FORMATS), ("figures", figure_names(), FIGURE_FORMATS))
    return {
        name: [
            f"results/{folder}/{each}.{x}"
            for each in (name, f"{name}_debiased")
            for x in formats
            if each in names
        ]
        for folder, names, formats in kinds
        for name in names
    }


def release_tables(wildcards) -> list[str]:
    """The tables that an adapter's model card quotes: precision, and survey if there is one."""
    table = next(name for name, culture in TABLES.items() if culture == wildcards.culture)
    names = [table, *(["table7"] if wildcards.culture in surveyed() else [])]
    return [f"results/tables/{name}.csv" for name in names]


def releases() -> list[str]:
    """The released folders of all adapters of the run; with vLLM's test if the run has vLLM."""
    tests = [".vllm.json"] if any(CFG.models[m].engine == "vllm" for m in RUN.models) else []
    without = {*FULL_METHODS, *PROMPT_METHODS}
    methods = [method for method in RUN.methods if method not in without]
    grid = product(TRAINED_MODELS, RUN.cultures, methods, RUN.seeds)
    return [
        f"results/release/{model}-{culture}-{method}-seed{seed}{ending}"
        for model, culture, method, seed in grid
        for ending in ["", *tests]
    ]
