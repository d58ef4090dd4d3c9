"""The generated schema and page."""

import json

import jsonschema
import pytest
import yaml

from culturalign.config import docs
from culturalign.config.root import Config
from tests.unit.config.test_config import SHIPPED


@pytest.mark.parametrize(
    ("name", "text"), [("config/schema.json", docs.schema_text), ("docs/config.md", docs.page_text)]
)
def test_the_shipped_file_is_the_generated_one(name, text):
    same = (docs.ROOT / name).read_text(encoding="utf-8") == text()
    assert same, f"{name} is out of date; run `make docs`"


def test_the_page_has_an_item_with_a_meaning_for_every_key():
    schema = Config.model_json_schema()
    keys = {key for node in schema["$defs"].values() for key in node.get("properties", {})}
    rows = {line.split("`")[1] for line in docs.page_text().splitlines() if line.startswith("- `")}
    assert keys <= rows
    assert "see below" not in docs.page_text()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.name)
def test_editors_accept_every_shipped_file(file):
    schema = json.loads((docs.ROOT / "config/schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(file.read_text(encoding="utf-8")), schema)


def test_editors_refuse_an_unknown_key():
    schema = json.loads((docs.ROOT / "config/schema.json").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError, match="trian"):
        jsonschema.validate({"data": {"split": {"trian": 0.5}}}, schema)
