"""The report: one page that needs nothing else, escapes what models write, and says what it is."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tabulate import tabulate

from culturalign.files.jsonl import write_jsonl
from culturalign.provenance import digest_of
from culturalign.report.claims.claims_table import UNTESTABLE
from culturalign.report.page import beside_paper, paper_attributes, read_table, with_contents, write
from culturalign.report.planted_table import NO_BETTER

TEMPLATE = Path(__file__).resolve().parents[3] / "workflow/report/index.html.j2"
LABELS = {
    "models": {"small": "Small & Co"},
    "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues"},
    "cultures": {"demo_us": "demo US", "cn": "中国"},
}
CONFIG = {
    "run": {"models": ["small"], "cultures": ["demo_us"], "methods": ["sft", "sft-shuffled"],
            "seeds": [0, 1], "prompts": ["complex"], "decodings": ["greedy", "distinct"]},
    "cultures": {"cn": {"label": "中国"}},
    "survey": None,
    "norms": None,
}  # fmt: skip
NORMS = {"first": 10, "level": 0.05, "margin": 0.025}
PAPER_ATTRIBUTES = TEMPLATE.parents[2] / "resources/paper/attributes.csv"
SURVEY = {"poles": ["cn", "demo_us"], "orders": 4, "tension": 20}
MAIN = [
    ["Vanilla", "Llama", "-", "0.111", "0.112", "0.113"],
    ["SFT", "Llama", "US", "0.221", "0.222", "0.223"],
]
PAPER = """table,M Type,M Class,SWOW,P@5,P@10,P@40
table1,Vanilla,Llama,-,0.754,0.609,0.295
table1,SFT,Llama,US,0.875,0.773,0.437
table1,SFT,Qwen,US,0.761,0.651,0.327
table2,SFT,Llama,ZH,0.689,0.556,0.277
"""
RANKED = """table,M Type,M Class,SWOW,Spearman ρ
table3,PPO,Llama,US,0.270
table3,PPO,Qwen,US,0.321
"""
NASTY = 'cat, <script>alert("x")</script> & <img src="http://evil.example/x.png"> 猫'
PICTURE = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path id="drawn" d="M0 0"/></svg>
"""


@pytest.fixture(autouse=True)
def no_git(monkeypatch):
    """The commit of the checkout is no business of these tests; without git it is unknown."""
    monkeypatch.setenv("PATH", "")


class Page(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.words, self.stack = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        names = ("src", "href", "xlink:href", "data", "srcset", "action", "poster")
        self.links += [value for name, value in attrs if name in names]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def put_table(folder, name, header, rows):
    folder.mkdir(parents=True, exist_ok=True)
    text = tabulate(rows, headers=header, tablefmt="github", disable_numparse=True)
    (folder / f"{name}.md").write_text(text + "\n", encoding="utf-8")


def put_samples(folder, arm, answers):
    place = folder / "samples/small" / arm
    place.mkdir(parents=True)
    lists, facts = (place / f"associations.demo_us.complex.greedy.{e}" for e in ("jsonl", "json"))
    write_jsonl([{"cue": c, "text": t, "tokens": 3, "truncated": False} for c, t in answers], lists)
    record = {"commit": "c0ffee0123456789", "model_digest": "d1gest" * 6, "dtype": "torch.float32",
              "threads": 2, "prompts_sha256": "f00d" * 16}  # fmt: skip
    facts.write_text(json.dumps(record), encoding="utf-8")
    survey = place / "survey.en.json"  # of vLLM, which has no number of threads
    survey.write_text(json.dumps({k: v for k, v in record.items() if k != "threads"}))
    return [facts, lists, survey]


@pytest.fixture
def render(tmp_path_factory):
    def render(
        *,
        synthetic=True,
        ppo=True,
        survey=False,
        rankings=False,
        attributes=False,
        figures=("precision",),
        answers=(("dog", NASTY),),
    ):
        folder = tmp_path_factory.mktemp("report")
        results = folder / "results"
        tables = results / "tables"
        put_table(tables, "ledger", ["culture", "what", "count"], [["demo_us", "read", "10,792"]])
        head = ["M Type", "M Class", "SWOW", "P@5", "P@10", "P@40"]
        put_table(tables, "table1", head, MAIN)
        for part in ("contrasts", "ceiling", "lists", "decoding"):
            put_table(
                tables, f"table1_{part}", ["row", "value"], [[f"{part} row", f"{part} value"]]
            )
        put_table(
            tables,
            "planted_demo_us",
            ["M Class", "Arm or difference", "Planted share", "cues", "verdict"],
            [
                ["Small", "SFT", "0.350 [0.300, 0.400]", "38", ""],
                ["Small", "SFT − SFT, shuffled cues", "0.250 [0.200, 0.300]", "38", "recovered"],
                ["Small", "SFT − Frequent", "-0.050 [-0.100, 0.000]", "38", NO_BETTER],
            ],
        )
        statements = [["SFT helps", "holds"], ["PPO helps", UNTESTABLE]]
        put_table(tables, "claims", ["Statement", "Status"], statements)
        put_table(tables, "table10", ["Hyperparameters", "sft"], [["LoRA Rank", "64"]])
        if ppo:
            put_table(tables, "table11", ["Hyperparameters", "ppo"], [["Train batch size", "32"]])
        unworded = None
        if survey:
            for name in (
                "table7",
                "table7_contrasts",
                "table8",
                "table8_debiased",
                "table14",
                "tension_demo_us",
                "tension_cn",
            ):
                put_table(tables, name, ["who", "what"], [[f"{name} arm", f"{name} value"]])
            unworded = folder / "unworded.json"
            unworded.write_text(
                json.dumps({"en": {}, "zh": {"Q95": "no wording", "Q96": "its code differs"}})
            )
        if rankings:
            for name in ("table3", "table3_contrasts", "table3_ceiling", "table9",
                         "table9_accuracy"):  # fmt: skip
                put_table(tables, name, ["who", "what"], [[f"{name} arm", f"{name} value"]])
            head = ["M Type", "M Class", "SWOW", "Spearman ρ", "ratio"]
            put_table(tables, "table3", head, [["PPO", "Llama", "US", "0.301", "0.302"]])
        if attributes:
            put_table(tables, "table5", ["Metric", "SFT"], [["Valence", "**5.1† [5.0, 5.2]**"]])
            for name in ("table5_tests", "table5_contrasts", "humans_demo_us", "norms"):
                put_table(tables, name, ["who", "what"], [[f"{name} row", f"{name} value"]])
        (results / "figures").mkdir()
        for name in figures:
            (results / f"figures/{name}.svg").write_text(PICTURE, encoding="utf-8")
        paper = folder / "generation.csv"
        paper.write_text(PAPER, encoding="utf-8")
        ranking = folder / "ranking.csv"
        ranking.write_text(RANKED, encoding="utf-8")
        page = folder / "index.html"
        write(
            page,
            template=TEMPLATE,
            config=CONFIG
            | {"survey": SURVEY if survey else None, "norms": NORMS if attributes else None},
            tables={"table1": "demo_us"},
            rankings={"table3": "demo_us"} if rankings else {},
            attributes={"table5": ("demo_us", "complex")} if attributes else {},
            planted=["demo_us"] if synthetic else [],
            figures=dict.fromkeys(figures, TEMPLATE.parent / "precision.rst"),
            labels=LABELS,
            samples=put_samples(results, "demo_us-sft-seed0", answers),
            paper=paper,
            paper_rankings=ranking,
            paper_attribute_file=PAPER_ATTRIBUTES,
            unworded=unworded,
            results=results,
        )
        return page.read_text(encoding="utf-8")

    return render


def test_the_page_refers_to_no_other_file(render):
    page = Page(render())
    assert [link for link in page.links if not link.startswith("#")] == []
    assert not {"script", "link", "iframe", "img", "object", "embed", "base"} & set(page.tags)
    assert "@import" not in page.text


def test_figures_are_inlined_without_their_xml_declaration(render):
    text = render()
    assert '<path id="drawn"' in text
    assert text.count("<svg") == 1
    assert "<?xml" not in text
    assert text.lower().count("<!doctype") == 1


def test_debiased_companions_are_folded_behind_the_plain_ones(render):
    text = render(survey=True, figures=("fig2", "fig2_debiased", "fig10"))
    places = [text.index(f"<strong>{name}</strong>") for name in ("fig2", "fig2_debiased", "fig10")]
    assert places == sorted(places)
    folded = text[places[0] : places[1]]
    assert folded.index("</figure>") < folded.index("<details><summary>fig2, debiased")
    table = text.index("table8_debiased value")
    assert text.index("table8 value") < text.rindex("<details>", 0, table) < table
    assert text.count("<details>") == text.count("</details>")


def test_figures_have_their_captions(render):
    assert "Precision@K of every arm against all humans" in Page(render()).text


def test_answers_of_models_are_shown_and_never_run(render):
    text = render()
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text
    assert NASTY in Page(text).text


def test_labels_are_escaped_too(render):
    text = render()
    assert "Small &amp; Co" in text
    assert "Small & Co" in Page(text).text


def test_three_answers_of_an_arm_are_shown(render):
    answers = [(f"cue{i}", f"answer{i}") for i in range(5)]
    text = Page(render(answers=answers)).text
    assert [f"cue{i} answer{i}" in text for i in range(5)] == [True, True, True, False, False]
    assert "small, demo_us-sft-seed0, associations demo_us" in text


def test_a_page_about_invented_people_says_so_at_its_top(render):
    text = Page(render()).text
    assert "Synthetic data. The cultures demo US are an invented world" in text
    assert text.index("Synthetic data.") < text.index("What ran")


def test_a_page_about_real_people_does_not_call_them_invented(render):
    text = Page(render(synthetic=False)).text
    assert "ynthetic" not in text
    assert "planted" not in text


def test_the_verdict_on_the_planted_effect_is_stated_with_its_numbers(render):
    text = Page(render()).text
    verdict = "Small, SFT − SFT, shuffled cues: recovered. Difference 0.250 [0.200, 0.300], 38"
    assert verdict in text
    assert text.count(": recovered.") == 1  # the row without a verdict is no verdict
    assert f"{NO_BETTER}." not in text  # it is a mark in the table, with its meaning
    assert f'Marked "{NO_BETTER}"' in text


def test_what_the_result_was_made_with_is_stated(render):
    text = Page(render()).text
    assert digest_of(CONFIG) in text
    assert "Commit unknown" in text  # no git in these tests
    assert "polars" in text
    # of each arm: commit, model digest, type, threads, prompts, shortened to 12, 16 and 16 digits
    row = "small, demo_us-sft-seed0, associations demo_us c0ffee012345 d1gestd1gestd1ge "
    row += "torch.float32 2"
    assert f"{row} f00df00df00df00d" in text
    assert "demo_us-sft-seed0, survey en c0ffee012345 d1gestd1gestd1ge torch.float32 - f00d" in text


def test_the_configuration_is_printed_in_readable_characters(render):
    text = render()
    assert "label: 中国" in text
    assert "decodings:" in text


def test_what_ran_is_listed_by_its_labels(render):
    text = Page(render()).text
    assert "Models Small & Co" in text
    assert "Methods Vanilla, SFT, SFT, shuffled cues" in text
    assert "Seeds 0, 1" in text
    assert "Decoding greedy, distinct" in text


def test_every_table_is_on_the_page(render):
    text = Page(render()).text
    for cells in ("demo_us read 10,792", "SFT Llama US 0.221 0.222 0.223", "LoRA Rank 64",
                  "Train batch size 32", *(f"{part} row {part} value" for part in
                  ("contrasts", "ceiling", "lists", "decoding"))):  # fmt: skip
        assert cells in text


def test_statements_without_a_test_are_folded_away_with_their_number(render):
    shown, folded = render().split("<summary>1 not testable on this run")
    assert "SFT helps" in shown and "PPO helps" not in shown
    assert "PPO helps" in folded and "SFT helps" not in folded


def test_a_run_without_ppo_has_no_table_11_and_a_page_all_the_same(render):
    text = Page(render(ppo=False)).text
    assert "LoRA Rank 64" in text
    assert "Train batch size" not in text


def test_our_values_stand_beside_the_papers_and_are_not_compared_if_synthetic(render):
    text = Page(render()).text
    assert "SFT Llama US 0.875 0.773 0.437 0.221, 0.222, 0.223" in text
    assert "SFT Qwen US 0.761 0.651 0.327 not run" in text
    assert "nothing is comparable" in text
    assert "nothing is comparable" not in Page(render(synthetic=False)).text


def test_the_survey_is_shown_with_what_was_not_asked(render):
    text = Page(render(survey=True)).text
    for name in (
        "table7",
        "table7_contrasts",
        "table8",
        "table14",
        "tension_demo_us",
    ):
        assert f"{name} value" in text
    assert '1 questions were not asked in "zh", no wording: Q95.' in text
    assert '1 questions were not asked in "zh", its code differs: Q96.' in text
    assert 'not asked in "en"' not in text
    assert "World Values Survey" not in Page(render()).text


def test_the_ranking_task_is_shown_beside_the_papers_values(render):
    text = Page(render(rankings=True)).text
    for name in ("table3_contrasts", "table3_ceiling", "table9", "table9_accuracy"):
        assert f"{name} value" in text
    assert "PPO Llama US 0.270 0.301" in text
    assert "PPO Qwen US 0.321 not run" in text
    plain = Page(render()).text
    assert "Ranking, demo US" not in plain
    assert "Multiple-choice" not in plain


def test_attributes_are_shown_with_bold_cells_and_the_papers_values(render):
    page = render(attributes=True)
    assert "<strong>5.1† [5.0, 5.2]</strong>" in page
    text = Page(page).text
    for name in ("table5_tests", "table5_contrasts", "humans_demo_us", "norms"):
        assert f"{name} value" in text
    assert "2.5 % of the span" in text
    assert "SFT Llama 5.543 4.214 3.582" in text
    assert "Psycholinguistic" not in Page(render()).text


def test_the_papers_bold_cells_are_marked():
    rows = {tuple(row[:2]): row for row in paper_attributes("table13", PAPER_ATTRIBUTES)["rows"]}
    assert rows["Human", "-"][2:5] == ["0.290", "2.189", "2.343"]
    assert rows["PPO", "Llama"][2:5] == ["**0.320**", "**2.174**", "2.479"]
    assert paper_attributes("attributes_us_x", PAPER_ATTRIBUTES) == {"header": [], "rows": []}


def test_a_markdown_table_is_read_as_header_and_rows(tmp_path):
    put_table(tmp_path, "t", ["a", "verdict"], [["x y", ""], ["词", "recovered"]])
    assert read_table(tmp_path / "t.md") == {
        "header": ["a", "verdict"],
        "rows": [["x y", ""], ["词", "recovered"]],
    }


def test_a_table_without_rows_is_read_as_its_header(tmp_path):
    put_table(tmp_path, "t", ["a", "b"], [])
    assert read_table(tmp_path / "t.md") == {"header": ["a", "b"], "rows": []}


def test_the_papers_rows_get_our_cells_where_type_class_and_data_agree(tmp_path):
    paper = tmp_path / "generation.csv"
    paper.write_text(PAPER, encoding="utf-8")
    ours = {"header": [], "rows": MAIN}
    assert beside_paper("table1", ours, paper) == [
        {"names": ["Vanilla", "Llama", "-"], "paper": ["0.754", "0.609", "0.295"],
         "ours": ["0.111", "0.112", "0.113"]},
        {"names": ["SFT", "Llama", "US"], "paper": ["0.875", "0.773", "0.437"],
         "ours": ["0.221", "0.222", "0.223"]},
        {"names": ["SFT", "Qwen", "US"], "paper": ["0.761", "0.651", "0.327"], "ours": None},
    ]  # fmt: skip
    assert beside_paper("generation_other", ours, paper) == []


def test_every_section_is_in_the_contents_and_can_be_reached():
    page = with_contents("<!-- contents -->\n<h2>What ran</h2>\n<h3>x</h3>\n<h2>Figures</h2>")
    assert '<a href="#section-1">What ran</a><br>\n<a href="#section-2">Figures</a>' in page
    assert '<h2 id="section-2">Figures</h2>' in page


def test_a_heading_in_an_answer_is_no_section(render):
    page = render(answers=(("dog", "<h2>mine</h2>"),))
    assert "mine</a>" not in page and '<a href="#section-1">What ran</a>' in page
