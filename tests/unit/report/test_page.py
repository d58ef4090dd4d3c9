"""The report: one page that needs no other file and escapes what models write."""

import hashlib
import json
import os
import re
import shutil
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from culturalign.files.jsonl import write_jsonl
from culturalign.provenance import digest_of
from culturalign.report.claims.verdicts import UNTESTABLE
from culturalign.report.explorer import embed
from culturalign.report.first_answer import first_answer
from culturalign.report.page import read_table, with_contents, write
from culturalign.report.planted_table import NO_BETTER
from culturalign.report.tables import write_table

PROGRAMS, CHROMIUM = os.environ["PATH"], shutil.which("chromium")
TEMPLATE = Path(__file__).resolve().parents[3] / "workflow/report/index.html.j2"
LABELS = {"models": {"small": "Small & Co"}, "cultures": {"demo_a": "demo A", "cn": "中国"},
          "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues"},
          "scorings": {"plain": "plain", "debiased": "4 orders"}}  # fmt: skip
CONFIG = {
    "run": {"models": ["small"], "cultures": ["demo_a"], "methods": ["sft", "sft-shuffled"],
            "seeds": [0, 1], "prompts": ["complex"], "decodings": ["greedy", "distinct"]},
    "cultures": {"cn": {"label": "中国"}}, "survey": None, "norms": None,
}  # fmt: skip
NORMS = {"first": 10, "level": 0.05, "margin": 0.025, "human_level": 0.5}
PAPER_ATTRIBUTES = TEMPLATE.parents[2] / "resources/paper/attributes.csv"
SURVEY = {"poles": ["cn", "demo_a"], "orders": 4, "tension": 20}
MAIN = [
    ["Vanilla", "Llama", "-", "0.111", "0.112", "0.113"],
    ["SFT", "Llama", "US", "0.221", "0.222", "0.223"],
]
PAPER = """table,M Type,M Class,SWOW,source,P@5,P@10,P@40
table1,Vanilla,Llama,-,submission,0.754,0.609,0.295
table1,SFT,Llama,US,submission,0.875,0.773,0.437
table1,SFT,Qwen,US,submission,0.761,0.651,0.327
table2,SFT,Llama,ZH,submission,0.689,0.556,0.277
"""
RANKED = """table,M Type,M Class,SWOW,source,Spearman ρ
table3,PPO,Llama,US,submission,0.270
table3,PPO,Qwen,US,submission,0.321
"""
NASTY = 'cat, <script>alert("x")</script> & <img src="http://evil.example/x.png"> 猫'
PICTURE = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path id="drawn" d="M0 0"/></svg>
"""


@pytest.fixture(autouse=True)
def no_git(monkeypatch):
    """The commit of the checkout is not what these tests are about; without git it is unknown."""
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
        if self.tags[-1:] not in (["script"], ["style"]):  # neither holds an element
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def put_table(folder, name, header, rows):
    folder.mkdir(parents=True, exist_ok=True)
    write_table(str(folder / name), pl.DataFrame(), rows, header)


def put_samples(folder, arm, answers):
    place = folder / "samples/small" / arm
    place.mkdir(parents=True)
    lists, facts = (place / f"associations.demo_a.complex.greedy.{e}" for e in ("jsonl", "json"))
    write_jsonl([{"cue": c, "text": t, "tokens": 3, "truncated": False} for c, t in answers], lists)
    record = {"commit": "c0ffee0123456789", "model_digest": "d1gest" * 6, "dtype": "torch.float32",
              "threads": 2, "prompts_sha256": "f00d" * 16}  # fmt: skip
    facts.write_text(json.dumps(record), encoding="utf-8")
    survey = place / "survey.en.json"  # of vLLM, which has no number of threads
    survey.write_text(json.dumps({k: v for k, v in record.items() if k != "threads"}))
    return [facts, lists, survey]


PARTS = {
    "": ["table1_contrasts", "table1_ceiling", "table1_lists", "table1_decoding", "readings"],
    "survey": ["table7", "table7_contrasts", "table8", "table8_debiased", "table14",
               "tension_demo_a", "tension_cn"],
    "rankings": ["table3_contrasts", "table3_ceiling", "table9", "table9_accuracy"],
    "attributes": ["table5_tests", "table5_contrasts", "humans_demo_a", "norms"],
}  # fmt: skip
"""Stage -> tables that are only shown; each has a row ``name arm``, ``name value``."""
TABLES = {
    "": {
        "ledger": (["culture", "what", "count"], [["demo_a", "read", "10,792"]]),
        "table1": (["M Type", "M Class", "SWOW", "P@5", "P@10", "P@40"], MAIN),
        "planted_demo_a": (["M Class", "Arm or difference", "Planted share", "cues", "domains",
                             "training runs", "verdict"], [
            ["Small", "SFT", "0.350 [0.300, 0.400]", "38", "14", "1", ""],
            ["Small", "SFT − SFT, shuffled cues", "0.250 [0.200, 0.300]", "38", "14", "1",
             "recovered"],
            ["Small", "SFT − Frequent", "-0.050 [-0.100, 0.000]", "38", "14", "1", NO_BETTER],
        ]),
        "claims": (
            ["Statement", "Status"], [["SFT helps", "supported"], ["PPO helps", UNTESTABLE]]
        ),
        "table10": (["Hyperparameters", "sft"], [["LoRA Rank", "64"]]),
    },
    "ppo": {"table11": (["Hyperparameters", "ppo"], [["Train batch size", "32"],
                                                          ["a reading", "4 orders"]])},
    "rankings": {"table3": (["M Type", "M Class", "SWOW", "Spearman ρ", "ratio"],
                            [["PPO", "Llama", "US", "0.301", "0.302"]])},
    "attributes": {"table5": (["Metric", "SFT"], [["Valence", "**5.1† [5.0, 5.2]**"]])},
}  # fmt: skip
NUMBERS = {
    "table1": """model,method,k,mean,low,high
small,sft,5,0.5,0.4,0.6
small,sft-shuffled,5,0.1,0.05,0.2
""",
    "table1_contrasts": """M Type,M Class,Difference,model,method,minus,k,mean,low,high,n_cues
SFT,Small,SFT − Control,small,sft,sft-shuffled,5,0.4,0.3,0.5,38
""",
}
MISSING = {"en": {}, "zh": {"Q95": "no wording", "Q96": "its code differs"}}


@pytest.fixture
def render(tmp_path_factory):
    def render(
        *stages,
        synthetic=True,
        figures=("precision",),
        answers=(("dog", NASTY),),
        data="",
        numbers=(),
        seeds=(0, 1),
    ):
        """The page of a run with some of ``ppo, survey, rankings, attributes``."""
        folder = tmp_path_factory.mktemp("report")
        results = folder / "results"
        for stage in ("", *stages):
            for name in PARTS.get(stage, []):
                put_table(results / "tables", name, ["a", "b"], [[f"{name} arm", f"{name} value"]])
            for name, table in TABLES.get(stage, {}).items():
                put_table(results / "tables", name, *table)
        for name, rows in dict(numbers).items():
            (results / f"tables/{name}.csv").write_text(rows, encoding="utf-8")
        (results / "figures").mkdir()
        for name in figures:
            (results / f"figures/{name}.svg").write_text(PICTURE, encoding="utf-8")
        texts = {"generation.csv": PAPER, "ranking.csv": RANKED, "missing": json.dumps(MISSING),
                 "attributes.csv": PAPER_ATTRIBUTES.read_text(encoding="utf-8")}  # fmt: skip
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        write(
            folder / "index.html",
            template=TEMPLATE,
            config=CONFIG | {"run": {**CONFIG["run"], "seeds": [*seeds]},
                             "survey": SURVEY if "survey" in stages else None,
                             "norms": NORMS if "attributes" in stages else None},
            tables={"table1": "demo_a"}, planted=["demo_a"] if synthetic else [],
            rankings={"table3": "demo_a"} if "rankings" in stages else {},
            attributes={"table5": ("demo_a", "complex")} if "attributes" in stages else {},
            figures=dict.fromkeys(figures, TEMPLATE.parent / "precision.rst"),
            samples=put_samples(results, "demo_a-sft-seed0", answers),
            unworded=folder / "missing" if "survey" in stages else None,
            labels=LABELS, paper=folder, results=results, data=data,
            kinds={"associations": ["sft"], "rankings": ["ppo"], "controls": ["sft-shuffled"]},
        )  # fmt: skip
        return (folder / "index.html").read_text(encoding="utf-8")

    return render


@pytest.mark.parametrize("stage", PARTS)
def test_the_tables_of_a_stage_are_on_the_page_if_it_ran(render, stage):
    text = Page(render(stage)).text
    for name in PARTS[stage]:
        shown = name != "tension_cn"  # a culture that did not run
        assert (f"{name} arm {name} value" in text) == shown
    if stage:
        assert PARTS[stage][0] not in Page(render()).text


def test_the_page_refers_to_no_other_file_and_figures_are_inlined_with_captions(render):
    text = render()
    page = Page(text)
    assert [link for link in page.links if not link.startswith("#")] == []
    assert not {"link", "iframe", "img", "object", "embed", "base"} & set(page.tags)
    assert "@import" not in page.text
    assert '<path id="drawn"' in text and text.count("<svg") == 1
    assert "<?xml" not in text and text.lower().count("<!doctype") == 1
    assert "Precision@K of every arm against all humans" in page.text


def test_debiased_companions_are_folded_behind_the_plain_ones(render):
    text = render("survey", figures=("fig2", "fig2_debiased", "fig10"))
    places = [text.index(f"<strong>{name}</strong>") for name in ("fig2", "fig2_debiased", "fig10")]
    assert places == sorted(places)
    folded = text[places[0] : places[1]]
    start = '<details data-reading="average of the orders"><summary>'
    assert folded.index("</figure>") < folded.index(f"{start}fig2, 4 orders")
    table = text.index("table8_debiased value")
    assert text.index("table8 value") < text.rindex(start, 0, table) < table
    assert text.count("<details") == text.count("</details>")


def test_answers_of_models_are_escaped_as_labels_are_and_a_heading_in_them_is_not_a_section(render):
    text = render()
    assert text.count("<script") == 1 and "<img" not in text  # its own
    assert "&lt;script&gt;" in text and "Small &amp; Co" in text
    assert NASTY in Page(text).text and "Small & Co" in Page(text).text
    page = render(answers=(("dog", "<h2>mine</h2>"),))
    assert "mine</a>" not in page and '">What ran</a>' in page


def test_only_the_pages_own_script_may_run(render):
    text = render(data='{"words":["\\u003c/script>"]}')
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    digests = [b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts]
    assert [f"script-src 'sha256-{digest}';" in policy for digest in digests] == [True]
    assert policy.startswith("default-src 'none';") and "unsafe-eval" not in policy
    assert text.count("</script>") == 2  # the data's element is not ended by a word in it


def test_the_first_screen_answers_before_figures_tables_and_provenance(render):
    titles = re.findall(r"<h2 id=.*?>(.*?)<", render(numbers=NUMBERS))
    order = ["What was asked, and what came out", "Main figures", "Tables, by stage",
             "Generation, demo A (table1)", "What ran", "Provenance"]  # fmt: skip
    assert [title for title in titles if title in order] == order
    text = Page(render(numbers=NUMBERS)).text
    assert "Yes: 1 of 1 trained arms" in text and "0.500 [0.400, 0.600]" in text
    assert "What was asked" not in render()  # without numbers there is nothing to answer


def test_the_first_answer_is_one_line_with_the_path_and_the_numbers(render, tmp_path):
    page = tmp_path / "index.html"
    page.write_text(render(numbers=NUMBERS, seeds=[0]), encoding="utf-8")
    assert first_answer(page) == (
        f"{page}: Does training on associations teach what people say to cues it never saw? "
        "Yes: 1 of 1 trained arms (1 better than the control). "
        "SFT, Small, demo A: 0.500 [0.400, 0.600] (K = 5, 38 cues). Control (Control): 0.100 "
        "[0.050, 0.200], difference 0.400 [0.300, 0.500], beaten. One training run an arm."
    )
    page.write_text(render(numbers=NUMBERS, seeds=[0, 1, 2]), encoding="utf-8")
    assert first_answer(page).endswith(
        "difference 0.400 [0.300, 0.500], beaten. 3 training runs an arm."
    )
    page.write_text(render(), encoding="utf-8")
    assert first_answer(page) == str(page)


def test_the_first_screen_says_how_many_training_runs_are_behind_its_answers(render):
    one, two = (Page(render(numbers=NUMBERS, seeds=seeds)).text for seeds in ([0], [0, 1]))
    assert "One training run an arm : another run may give other numbers" in one
    assert one.index("One training run an arm") < one.index("Main figures")
    assert "held-out cues or questions, or groups of them, and 2 training runs." in two
    assert "One training run an arm" not in two


def test_every_stage_is_folded(render):
    _, tables = render("survey", "ppo", "rankings", "attributes").split("Tables, by stage</h2>")
    folded = re.findall(r'<details class="stage"(?: id="\w+")?><summary><h2 ', tables)
    assert len(folded) == tables.count("<h2 ") > 5
    assert tables.count("<details") == tables.count("</details>")


def test_rows_say_which_reading_they_are_so_that_it_can_be_chosen(render):
    text = render("ppo")
    assert '<tr data-reading="average of the orders"><td>a reading</td>' in text
    assert "<tr><td>Train batch size</td>" in text


def test_shares_in_brackets_may_break_into_lines_and_read_the_same(render, monkeypatch):
    monkeypatch.setitem(TABLES[""], "table10", (["x"], [["[77%,23%] <i>"]]))
    text = render()
    assert "<td>[77%,<wbr>23%] &lt;i&gt;</td>" in text


def test_three_answers_of_an_arm_are_shown(render):
    answers = [(f"cue{i}", f"answer{i}") for i in range(5)]
    text = Page(render(answers=answers)).text
    assert [f"cue{i} answer{i}" in text for i in range(5)] == [True, True, True, False, False]
    assert "small, demo_a-sft-seed0, associations demo_a" in text


def test_a_page_about_invented_people_says_so_at_its_top_and_one_about_real_people_not(render):
    text = Page(render()).text
    assert "Synthetic data. The cultures demo A are an invented world" in text
    assert text.index("Synthetic data.") < text.index("What ran")
    assert "nothing is comparable" in text
    real = Page(render(synthetic=False)).text
    assert not any(x in real for x in ("ynthetic", "planted", "nothing is comparable"))


def test_the_verdict_on_the_planted_effect_is_stated_with_its_numbers(render):
    text = Page(render()).text
    verdict = "Small, SFT − SFT, shuffled cues: recovered. Difference 0.250 [0.200, 0.300], 38"
    assert f"{verdict} held-out cues in 14 domains, one training run." in " ".join(text.split())
    assert text.count(": recovered.") == 1  # the row without a verdict does not count
    assert f"{NO_BETTER}." not in text  # it is a mark in the table, with its meaning
    assert f'Marked "{NO_BETTER}"' in text


def case(sentence, stages, *shown, absent=()):
    return pytest.param(stages, shown, absent, id=sentence)


# of each arm: commit, model digest, type, threads, prompts, shortened to 12, 16 and 16 digits
ARM = "c0ffee012345 d1gestd1gestd1ge torch.float32"


@pytest.mark.parametrize(
    ("stages", "shown", "absent"),
    [
        case("what the result was made with is stated; these tests have no git", (),
             digest_of(CONFIG), "Commit unknown", "polars",
             f"small, demo_a-sft-seed0, associations demo_a {ARM} 2 f00df00df00df00d",
             f"demo_a-sft-seed0, survey en {ARM} - f00d"),
        case("what ran is listed by its labels with the configuration", (),
             "Models Small & Co", "Methods Vanilla, SFT, SFT, shuffled cues", "Seeds 0, 1",
             "Decoding greedy, distinct", "label: 中国", "decodings:"),
        case("table 11 is there if PPO ran", ("ppo",), "Train batch size 32"),
        case("a run without PPO has the other tables", (),
             "LoRA Rank 64", "demo_a read 10,792", absent=["Train batch size"]),
        case("our values are next to the paper's", (),
             "SFT Llama US 0.221 0.222 0.223",
             "SFT Llama US submission 0.875 0.773 0.437 SFT Llama US this run 0.221 0.222 0.223",
             "SFT Qwen US submission 0.761 0.651 0.327"),
        case("questions without a wording are listed with the reason", ("survey",),
             '1 questions were not asked in "zh", no wording: Q95.',
             '1 questions were not asked in "zh", its code differs: Q96.',
             absent=['not asked in "en"']),
        case("rankings and attributes are next to the paper's", ("rankings", "attributes"),
             "PPO Llama US submission 0.270 PPO Llama US this run 0.301",
             "PPO Qwen US submission 0.321",
             "<strong>5.1† [5.0, 5.2]</strong>", "2.5 % of the 95 % quantile of |half",
             "SFT Llama submission 5.543 4.214 3.582"),
        case("stages that did not run have no section", (), absent=[
             "Ranking, demo A", "Multiple-choice", "Psycholinguistic", "World Values Survey"]),
    ],
)  # fmt: skip
def test_the_page_says(render, stages, shown, absent):
    page = render(*stages)
    text = Page(page).text
    assert [words for words in shown if words not in text and words not in page] == []
    assert not any(words in text for words in absent)


def test_statements_without_a_test_are_folded_away_with_their_number(render):
    shown, folded = render().split("<summary>1 not testable on this run")
    assert "SFT helps" in shown and "PPO helps" not in shown
    assert "PPO helps" in folded and "SFT helps" not in folded


def test_a_markdown_table_is_read_as_header_and_rows(tmp_path):
    for rows in ([["x y", ""], ["词", "recovered"]], []):
        put_table(tmp_path, "t", ["a", "verdict"], rows)
        assert read_table(tmp_path / "t.md") == {"header": ["a", "verdict"], "rows": rows}


def test_every_section_is_in_the_contents_and_can_be_reached():
    page = with_contents("<!-- contents -->\n<h2>What ran</h2>\n<h3>x</h3>\n<h2>Figures</h2>")
    assert '<a href="#section-1">What ran</a><br>\n<a href="#section-2">Figures</a>' in page
    assert '<h2 id="section-2">Figures</h2>' in page


WORDS = {
    "arms": ["Small, Vanilla"],
    "cues": [{"cue": "cat", "people": [(NASTY, 3), ("dog", 2)], "planted": ["dog"],
              "lists": [["dog", "sun"]]}],
}  # fmt: skip
ANSWERS = {"arms": ["Small, Vanilla"], "questions": [
    {"id": "Q1", "wording": NASTY, "options": ["yes", "no"], "people": {"USA": [700, 300]},
     "answers": [[[600, 400], [200, 800]]]},
]}  # fmt: skip


def test_every_control_works_in_a_browser_without_an_error_or_a_request(render, monkeypatch):
    reason = "needs Debian's chromium and the package playwright"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason)
    if CHROMIUM is None:
        pytest.skip(reason)
    monkeypatch.setenv("PATH", PROGRAMS)
    text = render("survey", "ppo", numbers=NUMBERS, data=embed({NASTY: WORDS}, {"en": ANSWERS}))
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False)
        page = browser.new_page(viewport={"width": 390, "height": 900})
        faults, requests = [], []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.on("request", lambda request: requests.append(request.url))
        page.set_content(text)
        page.wait_for_selector("#x-out h3")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        shown = lambda: " ".join(page.inner_text("#x-out").split())  # noqa: E731
        assert shown() == (
            f"People 2 most frequent of 2 responses, with counts {NASTY} 3 dog ✦ 2 "
            "Small, Vanilla 1 of 2 words also from people dog ✦ sun"
        )
        assert page.locator("#x-out mark").all_inner_texts() == ["dog"]
        page.select_option("#x-kind", "response")
        page.fill("#x-what", "sun")
        assert "In 1 of 1 held-out cues." in shown() and "cat - 1 of 1 Small, Vanilla" in shown()
        page.fill("#x-what", "moon")
        page.press("#x-what", "Enter")
        assert "choose one of the suggestions" in shown()
        page.select_option("#x-kind", "question")
        assert "People, USA - 70.0 % 30.0 % Small, Vanilla average 40.0 % 60.0 %" in shown()
        page.select_option("#x-order", "")
        assert "plain 60.0 % 40.0 % Small, Vanilla order 2 20.0 % 80.0 %" in shown()
        page.fill("#search", "batch size")
        assert page.inner_text("#count") == "1 row"
        page.fill("#search", "")
        page.click("#fold")
        table = page.locator("table.data", has_text="Train batch size")
        for choice, rows in (("average of the orders", 2), ("plain", 1), ("", 2)):
            page.select_option("#reading", choice)
            assert table.locator("tbody tr:visible").count() == rows
        head = table.locator("thead button").first
        for first in ("a reading", "Train batch size"):
            head.click()
            assert table.locator("td").first.inner_text() == first
        browser.close()
    assert faults == [] and [url for url in requests if not url.startswith("data:")] == []
