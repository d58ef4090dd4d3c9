"""A local hub, and caches in the layout of the hub's library."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from culturalign.errors import UserError
from culturalign.models.hub import cached, check_model, fetch_model

COMMIT = "a" * 40
ANSWERS = {
    "/open/model/resolve/main/config.json": (200, None),
    "/gated/model/resolve/main/config.json": (403, "GatedRepo"),
    "/open/model/resolve/elsewhere/config.json": (404, "RevisionNotFound"),
    "/broken/model/resolve/main/config.json": (503, None),
}
NAMES = ["config.json", "tokenizer_config.json", "model.safetensors", "pytorch_model.bin", "run.py"]
NAMES += ["original/consolidated.00.pth", "consolidated.safetensors"]
ANSWERS |= {f"/open/model/resolve/{COMMIT}/{name}": (200, None) for name in NAMES}
TREE = [{"type": "file", "path": name, "size": 2, "oid": "1"} for name in NAMES]
REPOSITORY = {"id": "open/model", "sha": COMMIT, "siblings": [{"rfilename": n} for n in NAMES]}


class Hub(BaseHTTPRequestHandler):
    """Answers as huggingface.co does, where a file's headers are asked for."""

    def do_HEAD(self):
        status, code = ANSWERS.get(self.path, (404, "RepoNotFound"))
        self.send_response(status)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", "2")
        if code:
            self.send_header("X-Error-Code", code)
        self.end_headers()

    def do_GET(self):
        about = REPOSITORY if "/api/models/open/model/revision/" in self.path else {}
        text = json.dumps(TREE if "/tree/" in self.path else about).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def hub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def cache_model(cache, names):
    """A model in a cache, the content of its index by name."""
    folder = cache / f"models--gated--model/snapshots/{COMMIT}"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(
            json.dumps({"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}})
        )
    (cache / "models--gated--model/refs").mkdir()
    (cache / "models--gated--model/refs/main").write_text(COMMIT)
    return cache


def test_an_open_model_is_found_with_its_commit(hub, tmp_path):
    found = check_model("open/model", "main", endpoint=hub, cache=tmp_path)
    assert found == {
        "source": "open/model", "revision": "main", "commit": COMMIT, "found": "hub",
    }  # fmt: skip


def test_a_model_is_fetched_whole_once_and_nothing_that_is_code_or_twice_there(hub, tmp_path):
    found = fetch_model("open/model", "main", endpoint=hub, cache=tmp_path)
    folder = tmp_path / f"models--open--model/snapshots/{COMMIT}"
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json", "model.safetensors", "tokenizer_config.json",
    ]  # fmt: skip
    assert (found["commit"], found["found"]) == (COMMIT, "hub")
    closed = "http://127.0.0.1:9"  # as on a compute node without a network
    again = fetch_model("open/model", "main", endpoint=closed, cache=tmp_path)
    assert (again["commit"], again["found"]) == (COMMIT, "cache")


def test_a_local_folder_is_used_where_it_is(tmp_path):
    found = fetch_model(str(tmp_path), "main", endpoint="http://127.0.0.1:9")
    assert found == {"source": str(tmp_path), "found": "folder"}


@pytest.mark.parametrize(
    ("source", "revision", "message"),
    [
        ("gated/model", "main", "accept its license .* hf auth login"),
        ("no/model", "main", "no such model on the hub, or it is private"),
        ("open/model", "elsewhere", "there is no revision 'elsewhere'"),
        ("broken/model", "main", r"cannot be reached .* hf download broken/model"),
    ],
)
def test_an_unavailable_model_is_explained_in_a_sentence(hub, tmp_path, source, revision, message):
    with pytest.raises(UserError, match=message):
        check_model(source, revision, endpoint=hub, cache=tmp_path)


WHOLE = ["config.json", "tokenizer_config.json", "model.safetensors.index.json"]
WHOLE += ["1.safetensors", "2.safetensors"]


def test_without_a_network_a_whole_model_in_the_cache_counts(tmp_path):
    closed = "http://127.0.0.1:9"
    found = check_model("gated/model", "main", endpoint=closed, cache=cache_model(tmp_path, WHOLE))
    assert found["found"] == "cache" and found["commit"] == COMMIT


@pytest.mark.parametrize("missing", WHOLE)
def test_a_model_that_lacks_a_file_is_not_whole(tmp_path, missing):
    names = [name for name in WHOLE if name != missing]
    assert cached("gated/model", "main", cache_model(tmp_path, names)) is None


def test_a_model_of_one_file_of_weights_is_whole(tmp_path):
    names = ["config.json", "tokenizer_config.json", "model.safetensors"]
    assert cached("gated/model", "main", cache_model(tmp_path, names)).name == COMMIT
