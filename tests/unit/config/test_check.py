"""The check of configuration files that Snakemake cannot read."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from culturalign.config.check import DEFAULT, faults_of
from culturalign.config.named_files import CLCA_PROMPTS


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"run:\n  seeds: [0\ndata: {}\n", ":3: not valid YAML"),
        (b"# names\n- run\n- data\n", ":2: the file holds a list; a configuration has keys"),
        (b"cue;R1\ncat;dog\n", ":1: the file holds text;"),
        (b"# nothing\n", ":1: the file holds nothing;"),
        ("run: {}\nlabel: Café\n".encode("latin-1"), ":2: not UTF-8"),
        (None, ": no such file"),
        (b"run:\n  seeds: [x]\n", ":2: run.seeds.0: "),
    ],
)
def test_what_is_wrong_has_its_file_and_line(tmp_path, content, expected):
    file = tmp_path / "mine.yaml"
    if content is not None:
        file.write_bytes(content)
    (fault,) = faults_of([file])
    assert f"{file}{expected}" in fault


def test_every_file_that_cannot_be_read_is_named(tmp_path):
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("a: [", encoding="utf-8")
    assert [fault.split(":")[0] for fault in faults_of([first, second])] == [
        str(first),
        str(second),
    ]


def test_the_command_says_so_by_its_status(tmp_path):
    command = [sys.executable, "-m", "culturalign.config.check"]
    shipped = DEFAULT.with_name("clca.yaml")
    assert subprocess.run([*command, shipped], check=True, capture_output=True, text=True).stdout
    wrong = tmp_path / "a.yaml"
    wrong.write_text("- a\n", encoding="utf-8")
    found = subprocess.run([*command, wrong], check=False, capture_output=True, text=True)
    assert (found.returncode, found.stdout.startswith(f"{wrong}:1: ")) == (1, True)


def test_the_command_explains_itself_and_refuses_what_it_does_not_know():
    command = [sys.executable, "-m", "culturalign.config.check"]
    help_ = subprocess.run([*command, "--help"], check=True, capture_output=True, text=True)
    assert help_.stdout.startswith("usage: python -m culturalign.config.check")
    assert "nothing is run" in help_.stdout and "no such file" not in help_.stdout
    unknown = subprocess.run([*command, "--all"], check=False, capture_output=True, text=True)
    assert (unknown.returncode, "--all" in unknown.stderr) == (2, True)


MISSING = {
    "languages.en.prompts.complex": "languages: {en: {prompts: {complex: %s}}}\n",
    "languages.en.survey_prompt": "languages: {en: {survey_prompt: %s}}\n",
    "languages.en.ranking_prompt": "languages: {en: {ranking_prompt: %s}}\n",
    "languages.en.mcq_prompt": "languages: {en: {mcq_prompt: %s}}\n",
    "languages.en.personas": "languages: {en: {personas: %s}}\n",
    "clca.cards.USA": "clca: {cards: {USA: %s}}\n",
    "clca.scenarios.USA.0": "clca: {scenarios: {USA: [%s]}}\n",
}
"""Key -> a file that sets it."""


@pytest.mark.parametrize("key", MISSING)
def test_a_text_file_that_is_missing_is_named_with_its_key_and_line(tmp_path, monkeypatch, key):
    monkeypatch.chdir(tmp_path)
    file, text = tmp_path / "mine.yaml", tmp_path / "own.txt"
    file.write_text(f"# mine\n{MISSING[key] % 'own.txt'}", encoding="utf-8")
    clca = DEFAULT.with_name("clca.yaml")
    (said,) = faults_of([clca, file])
    total, fault, _ = said.splitlines()
    assert total == "1 to correct; nothing was run."
    assert fault == f"  {file}:2: {key}: no such file: own.txt; put it there, or correct the path"
    markers = "{cue} [OPTIONS] [CANDIDATES] [N] [QUESTION]"
    text.write_text(markers, encoding="utf-8")  # texts other than prompts are read by their jobs
    assert faults_of([clca, file]) == []


def test_texts_are_looked_for_where_the_run_would_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("languages: {en: {mcq_prompt: own.txt}}\n", encoding="utf-8")
    Path("there").mkdir()
    Path("there/own.txt").write_text("{cue} [OPTIONS]", encoding="utf-8")
    command = [sys.executable, "-m", "culturalign.config.check", "mine.yaml"]
    here = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "mine.yaml:1: languages.en.mcq_prompt: no such file: own.txt" in here.stdout
    subprocess.run([*command, "--directory", "there"], check=True)


@pytest.mark.parametrize(("key", "content", "fault"), [
    ("languages.en.prompts.complex", "Cue:", "the prompt lacks the marker {cue}; add it"),
    ("languages.en.prompts.complex", "{cue} [LOWER BOUND SIZE]", "the prompt has one of "
     "[LOWER BOUND SIZE] and [UPPER BOUND SIZE]; give both, or neither"),
    ("languages.en.survey_prompt", "[QUESTION]",
     "the prompt must hold the marker [OPTIONS] exactly once"),
    ("languages.en.ranking_prompt", "{cue} [CANDIDATES]",
     "the prompt lacks the marker [N]; add it"),
    ("languages.en.mcq_prompt", "{cue} {cue} [OPTIONS]",
     "the prompt must hold the marker {cue} exactly once"),
])  # fmt: skip
def test_a_prompt_without_its_markers_is_refused_with_its_key_and_line(
    tmp_path, monkeypatch, key, content, fault
):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "mine.yaml"
    file.write_text(f"# mine\n{MISSING[key] % 'own.txt'}", encoding="utf-8")
    (tmp_path / "own.txt").write_text(content, encoding="utf-8")
    (said,) = faults_of([DEFAULT.with_name("clca.yaml"), file])
    assert said.splitlines()[1] == f"  {file}:2: {key}: own.txt: {fault}"


def test_a_prompt_of_a_folder_without_its_markers_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(DEFAULT.parents[1] / "resources/clca/prompts/en", "own")
    Path("own/intent.txt").write_text("[SETTING] [COUNTRY] [CULTURE] [TALK]", encoding="utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text("languages: {en: {clca_prompts: own}}\n", encoding="utf-8")
    (said,) = faults_of([DEFAULT.with_name("clca.yaml"), file])
    assert said.splitlines()[1].endswith(
        "own/intent.txt: the prompt lacks the marker [NAME]; add it"
    )


def test_the_files_of_a_folder_of_prompts_and_of_used_prompts_only_are_looked_for(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "run: {prompts: [complex]}\nnorms: null\n"
        "languages: {en: {clca_prompts: own, prompts: {simple: none.txt}}, zh: {personas: none}}\n",
        encoding="utf-8",
    )
    (said,) = faults_of([DEFAULT.with_name("clca.yaml"), file])
    assert [line.split(": ")[2:4] for line in said.splitlines()[1:-1]] == [
        ["no such file", f"own/{name}; put it there, or correct the path"]
        for name in sorted(CLCA_PROMPTS)
    ]


def test_without_the_sections_that_read_them_no_file_is_looked_for(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "run: {methods: [sft]}\nsurvey: null\nranking: null\nclca: null\n"
        "methods: {ppo: {task: association}}\n"
        "languages: {en: {survey_prompt: a, ranking_prompt: b, mcq_prompt: c, personas: d}}\n",
        encoding="utf-8",
    )
    assert faults_of([file]) == []
