"""Data: from SWOW files to associations, splits and training examples.

Inputs: an official SWOW csv for each culture (the demo world makes its own), prompts.
Outputs: results/data/{culture}/ (docs/data.md describes the columns).
"""


rule check_data:
    """Look into every licensed file of the configuration; never up to date."""
    input:
        code=code("check_data"),
    log:
        "logs/check_data.log",
    conda:
        "../../envs/base.yaml"
    params:
        files=[vars(file) for file in EXPECTED],
        places={file.path: located(file.path) for file in EXPECTED},
        record="results/data/files.json",
    script:
        "../scripts/check_data.py"


rule make_demo_world:
    """Let simulated respondents answer the synthetic lexicon, in the official formats."""
    input:
        lexicon=[
            os.path.relpath(file)
            for file in sorted((ROOT / "resources/demo/lexicon").glob("*.yaml"))
        ],
        code=code("make_demo_world"),
    output:
        us="results/demo/SWOW-EN.complete.csv",
        cn="results/demo/SWOW-ZH_raw.csv",
        planted_us="results/demo/planted.us.csv",
        planted_cn="results/demo/planted.cn.csv",
    log:
        "logs/make_demo_world.log",
    conda:
        "../../envs/base.yaml"
    params:
        seed=0,
    script:
        "../scripts/make_demo_world.py"


rule prepare_responses:
    """Read a SWOW file, keep the culture's respondents, normalize their responses."""
    input:
        swow=swow_file,
        code=code("prepare_responses"),
    output:
        responses="results/data/{culture}/responses.parquet",
        ledger="results/data/{culture}/ledger.json",
        dropped="results/data/{culture}/dropped.parquet",
        source="results/data/{culture}/source.json",
    log:
        "logs/prepare_responses/{culture}.log",
    benchmark:
        "benchmarks/prepare_responses/{culture}.tsv"
    conda:
        "../../envs/base.yaml"
    params:
        keep=lambda wildcards: CFG.cultures[wildcards.culture].keep.model_dump(),
        rules=lambda wildcards: language(wildcards).rules(),
    script:
        "../scripts/prepare_responses.py"


rule count_associations:
    """Count responses into associations with strength and rank."""
    input:
        responses="results/data/{culture}/responses.parquet",
        code=code("count_associations"),
    output:
        associations="results/data/{culture}/associations.parquet",
    log:
        "logs/count_associations/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        seed=CFG.data.seed,
    script:
        "../scripts/count_associations.py"


rule split_cues:
    """Split the cues into train, validation and test."""
    input:
        associations="results/data/{culture}/associations.parquet",
        code=code("split_cues"),
    output:
        splits="results/data/{culture}/splits.parquet",
    log:
        "logs/split_cues/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        shares=CFG.data.split.shares(),
        seed=CFG.data.split.seed,
    script:
        "../scripts/split_cues.py"


rule make_sft_examples:
    """Draw a method's training and validation examples."""
    input:
        associations="results/data/{culture}/associations.parquet",
        splits="results/data/{culture}/splits.parquet",
        prompt=training_prompt_file,
        code=code("make_sft_examples"),
    output:
        train="results/data/{culture}/{method}/train.jsonl",
        validation="results/data/{culture}/{method}/validation.jsonl",
    log:
        "logs/make_sft_examples/{culture}/{method}.log",
    wildcard_constraints:
        method=one_of(ASSOCIATION_METHODS + PPO_METHODS),
    conda:
        "../../envs/base.yaml"
    params:
        language=language_settings,
        examples=lambda wildcards: CFG.methods[wildcards.method].examples.model_dump(),
        seed=CFG.data.seed,
    script:
        "../scripts/make_sft_examples.py"


rule make_rankings:
    """Draw ranking examples: candidates of a cue with their counts (section 3.4, appendix D)."""
    input:
        associations="results/data/{culture}/associations.parquet",
        splits="results/data/{culture}/splits.parquet",
        prompt=lambda wildcards: located(language(wildcards).ranking_prompt),
        code=code("make_rankings"),
    output:
        train="results/data/{culture}/ranking/train.jsonl",
        validation="results/data/{culture}/ranking/validation.jsonl",
        test="results/data/{culture}/ranking/test.jsonl",
        ledger="results/data/{culture}/ranking/ledger.json",
    log:
        "logs/make_rankings/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        system=lambda wildcards: language(wildcards).system,
        ranking=lambda wildcards: CFG.ranking.model_dump(exclude={"reward", "decoding", "mcq"}),
    script:
        "../scripts/make_rankings.py"


rule make_mcq:
    """Draw multiple-choice questions for the test cues (paper, appendix B, table 9)."""
    input:
        associations="results/data/{culture}/associations.parquet",
        splits="results/data/{culture}/splits.parquet",
        code=code("make_mcq"),
    output:
        questions="results/data/{culture}/mcq.jsonl",
        ledger="results/data/{culture}/mcq_ledger.json",
    log:
        "logs/make_mcq/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        seed=CFG.data.seed,
    script:
        "../scripts/make_mcq.py"


rule make_demo_survey:
    """Let simulated respondents answer the synthetic survey, in the official format."""
    input:
        questions=[
            os.path.relpath(file)
            for file in sorted((ROOT / "resources/demo/survey").glob("*.yaml"))
        ],
        code=code("make_demo_survey"),
    output:
        survey="results/demo/WVS_demo.csv",
        en="results/demo/questionnaire.en.csv",
        zh="results/demo/questionnaire.zh.csv",
    log:
        "logs/make_demo_survey.log",
    conda:
        "../../envs/base.yaml"
    params:
        seed=0,
    script:
        "../scripts/make_demo_survey.py"


rule make_demo_norms:
    """Rate the words of the synthetic lexicon, in the formats of the real norms."""
    input:
        lexicon=[
            os.path.relpath(file)
            for file in sorted((ROOT / "resources/demo/lexicon").glob("*.yaml"))
        ],
        means=repository("resources/demo/norms.yaml"),
        code=code("make_demo_norms"),
    output:
        affect_en="results/demo/Ratings_demo.csv",
        concreteness_en="results/demo/Concreteness_demo.txt",
        affect_zh="results/demo/Affect_demo.csv",
        concreteness_zh="results/demo/Concreteness_demo.xlsx",
    log:
        "logs/make_demo_norms.log",
    conda:
        "../../envs/base.yaml"
    params:
        seed=0,
    script:
        "../scripts/make_demo_norms.py"


rule prepare_norms:
    """Read the norms of a language that are there, and bring them to the common spans."""
    input:
        norms=lambda wildcards: found_norms(wildcards.language),
        code=code("prepare_norms"),
    output:
        norms="results/data/norms/{language}.parquet",
        record="results/data/norms/{language}.json",
    log:
        "logs/prepare_norms/{language}.log",
    conda:
        "../../envs/base.yaml"
    params:
        files=lambda wildcards: norm_files(wildcards.language),
        rules=lambda wildcards: CFG.languages[wildcards.language].rules(),
    script:
        "../scripts/prepare_norms.py"


rule prepare_survey:
    """Read a survey, keep the questions asked in both poles, and word them."""
    input:
        survey=lambda wildcards: data_file(CFG.survey.file),
        questionnaires=lambda wildcards: [
            data_file(CFG.survey.questionnaires[name].file) for name in survey_languages()
        ],
        code=code("prepare_survey"),
    output:
        answers="results/data/survey/answers.parquet",
        ledger="results/data/survey/ledger.parquet",
        human="results/data/survey/human.parquet",
        unworded="results/data/survey/unworded.json",
        respondents="results/data/survey/respondents.json",
        source="results/data/survey/source.json",
        questionnaires=expand(
            "results/data/survey/questionnaire.{language}.parquet", language=survey_languages()
        ),
    log:
        "logs/prepare_survey.log",
    benchmark:
        "benchmarks/prepare_survey.tsv"
    conda:
        "../../envs/base.yaml"
    params:
        languages=survey_languages(),
        columns=lambda wildcards: {
            name: CFG.survey.questionnaires[name].columns for name in survey_languages()
        },
        poles=pole_countries(),
        others=[nation for nation in surveyed().values() if nation not in pole_countries()],
        weighted=lambda wildcards: CFG.survey.weighted,
    script:
        "../scripts/prepare_survey.py"


rule compare_countries:
    """How far the poles are apart, what chance alone makes, and the tension set."""
    input:
        answers="results/data/survey/answers.parquet",
        human="results/data/survey/human.parquet",
        code=code("compare_countries"),
    output:
        poles="results/data/survey/poles.parquet",
        floor="results/data/survey/floor.parquet",
        tension="results/data/survey/tension.parquet",
    log:
        "logs/compare_countries.log",
    conda:
        "../../envs/base.yaml"
    params:
        poles=pole_countries(),
        survey=lambda wildcards: CFG.survey.model_dump(
            include={"weighted", "tension", "tension_js", "repeats", "seed"}
        ),
        evaluation=lambda wildcards: CFG.evaluation.model_dump(include={"bootstrap", "confidence"}),
    script:
        "../scripts/compare_countries.py"
