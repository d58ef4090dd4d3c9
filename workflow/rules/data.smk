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
        files=[vars(file) for file in GRID.locations.required],
        places={file.path: GRID.locations.located(file.path) for file in GRID.locations.required},
        record=paths.FILE_CHECK,
    script:
        "../scripts/check_data.py"


rule make_demo_world:
    """Let simulated respondents answer the synthetic lexicon, in the official formats."""
    input:
        lexicon=GRID.locations.glob("resources/demo/lexicon/*.yaml"),
        code=code("make_demo_world"),
    output:
        english="results/demo/SWOW-EN.complete.csv",
        mandarin="results/demo/SWOW-ZH_raw.csv",
        planted_a="results/demo/planted.a.csv",
        planted_b="results/demo/planted.b.csv",
        planted_zh="results/demo/planted.zh.csv",
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
        responses=paths.RESPONSES,
        ledger=paths.RESPONSE_LEDGER,
        dropped=paths.DROPPED_RESPONSES,
        source=paths.SOURCE,
    log:
        "logs/prepare_responses/{culture}.log",
    benchmark:
        "benchmarks/prepare_responses/{culture}.tsv"
    wildcard_constraints:
        culture=one_of(GRID.evaluations.of_kind("trials")),
    conda:
        "../../envs/base.yaml"
    params:
        keep=lambda wildcards: CFG.cultures[wildcards.culture].keep.model_dump(),
        reading=swow_reading,
        rules=normalizer_rules,
    script:
        "../scripts/prepare_responses.py"


rule prepare_strengths:
    """Read a strength table, normalize its words, and count them again."""
    input:
        swow=swow_file,
        code=code("prepare_strengths"),
    output:
        associations=paths.ASSOCIATIONS,
        ledger=paths.RESPONSE_LEDGER,
        dropped=paths.DROPPED_RESPONSES,
        source=paths.SOURCE,
    log:
        "logs/prepare_strengths/{culture}.log",
    benchmark:
        "benchmarks/prepare_strengths/{culture}.tsv"
    wildcard_constraints:
        culture=one_of(GRID.evaluations.of_kind("strengths")),
    conda:
        "../../envs/base.yaml"
    params:
        reading=swow_reading,
        rules=normalizer_rules,
        seed=CFG.data.seed,
    script:
        "../scripts/prepare_strengths.py"


rule count_associations:
    """Count responses into associations with strength and rank."""
    input:
        responses=paths.RESPONSES,
        code=code("count_associations"),
    output:
        associations=paths.ASSOCIATIONS,
    log:
        "logs/count_associations/{culture}.log",
    wildcard_constraints:
        culture=one_of(GRID.evaluations.of_kind("trials")),
    conda:
        "../../envs/base.yaml"
    params:
        seed=CFG.data.seed,
    script:
        "../scripts/count_associations.py"


rule split_cues:
    """Split the cues into train, validation and test."""
    input:
        associations=paths.ASSOCIATIONS,
        code=code("split_cues"),
    output:
        splits=paths.SPLITS,
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
        associations=paths.ASSOCIATIONS,
        splits=paths.SPLITS,
        prompt=list_prompt,
        code=code("make_sft_examples"),
    output:
        train=paths.TRAIN_EXAMPLES,
        validation=paths.VALIDATION_EXAMPLES,
    log:
        "logs/make_sft_examples/{culture}/{method}.log",
    wildcard_constraints:
        method=one_of(GRID.arms.association_methods + GRID.arms.ppo_methods),
    conda:
        "../../envs/base.yaml"
    params:
        language=wild(GRID.evaluations.example_settings, "culture", "method"),
        examples=lambda wildcards: CFG.methods[wildcards.method].examples.model_dump(),
        seed=CFG.data.seed,
    script:
        "../scripts/make_sft_examples.py"


rule make_rankings:
    """Draw ranking examples: candidates of a cue with their counts (section 3.4, appendix D)."""
    input:
        associations=paths.ASSOCIATIONS,
        splits=paths.SPLITS,
        prompt=prompt_file("ranking_prompt"),
        code=code("make_rankings"),
    output:
        train=paths.RANKING_TRAIN,
        validation=paths.RANKING_VALIDATION,
        test=paths.RANKING_TEST,
        ledger=paths.RANKING_LEDGER,
    log:
        "logs/make_rankings/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        language=wild(GRID.evaluations.prompt_settings, "culture"),
        ranking=lambda wildcards: CFG.ranking.model_dump(exclude={"reward", "decoding", "mcq"}),
    script:
        "../scripts/make_rankings.py"


rule make_mcq:
    """Draw multiple-choice questions for the test cues (paper, appendix B, table 9)."""
    input:
        associations=paths.ASSOCIATIONS,
        splits=paths.SPLITS,
        code=code("make_mcq"),
    output:
        questions=paths.MCQ_QUESTIONS,
        ledger=paths.MCQ_LEDGER,
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
        questions=GRID.locations.glob("resources/demo/survey/*.yaml"),
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
        lexicon=GRID.locations.glob("resources/demo/lexicon/*.yaml"),
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
        norms=wild(GRID.attributes.found_norms, "language"),
        code=code("prepare_norms"),
    output:
        norms=paths.NORMS,
        record=paths.NORM_RECORD,
    log:
        "logs/prepare_norms/{language}.log",
    conda:
        "../../envs/base.yaml"
    params:
        files=wild(GRID.attributes.norm_files, "language"),
        most_dropped=CFG.data.most_dropped,
        rules=lambda wildcards: CFG.languages[wildcards.language].rules(),
    script:
        "../scripts/prepare_norms.py"


rule prepare_survey:
    """Read a survey, keep the questions asked in both poles, and word them."""
    input:
        survey=lambda wildcards: data_file(CFG.survey.file),
        questionnaires=lambda wildcards: [
            data_file(CFG.survey.questionnaires[name].file) for name in GRID.survey.languages()
        ],
        code=code("prepare_survey"),
    output:
        answers=paths.SURVEY_ANSWERS,
        ledger=paths.SURVEY_LEDGER,
        human=paths.HUMAN_SHARES,
        unworded=paths.UNWORDED,
        respondents=paths.SURVEY_RESPONDENTS,
        source=paths.SURVEY_SOURCE,
        questionnaires=GRID.survey.questionnaires(),
    log:
        "logs/prepare_survey.log",
    benchmark:
        "benchmarks/prepare_survey.tsv"
    conda:
        "../../envs/base.yaml"
    params:
        languages=GRID.survey.languages(),
        columns=lambda wildcards: {
            name: CFG.survey.questionnaires[name].columns for name in GRID.survey.languages()
        },
        facts=lambda wildcards: {
            name: CFG.languages[name].questionnaire_facts() for name in GRID.survey.languages()
        },
        poles=GRID.survey.pole_countries(),
        others=GRID.survey.other_countries(),
        weighted=lambda wildcards: CFG.survey.weighted,
        most_dropped=CFG.data.most_dropped,
    script:
        "../scripts/prepare_survey.py"


rule compare_countries:
    """How far apart the poles are, how far chance would put them, and the tension set."""
    input:
        answers=paths.SURVEY_ANSWERS,
        human=paths.HUMAN_SHARES,
        code=code("compare_countries"),
    output:
        poles=paths.POLES,
        floor=paths.NOISE_FLOOR,
        tension=paths.TENSION_SET,
    log:
        "logs/compare_countries.log",
    conda:
        "../../envs/base.yaml"
    params:
        poles=GRID.survey.pole_countries(),
        survey=lambda wildcards: CFG.survey.model_dump(
            include={"weighted", "tension", "hybrid", "repeats", "seed"}
        ),
        evaluation=lambda wildcards: CFG.evaluation.model_dump(include={"resamples"}),
    script:
        "../scripts/compare_countries.py"
