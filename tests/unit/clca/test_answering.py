import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch

from culturalign.clca.answering import RETRIES, endpoint_ask, local_ask
from culturalign.clca.chat import AGAIN, Reply
from culturalign.clca.judge import judge
from culturalign.clca.roleplay import Dialogue, simulate
from culturalign.config.clca import Endpoint, Roleplay, Speaking
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models.hf_engine import HfEngine
from tests import tiny
from tests.unit.clca.scripted import materials, scenario

CHAT = [{"role": "user", "content": "Is it good?"}]
GOOD = {"choices": [{"message": {"content": "VERDICT: good"}, "finish_reason": "length"}]}


class Server(ThreadingHTTPServer):
    """Keeps requests and answers them with ``faults``, then well.

    A fault is a status, ``cut`` (fewer bytes than promised), ``slow``, the body of an answer, or a
    pair of a status and its body.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/v1"
        self.seen, self.headers, self.faults, self.left = [], [], [], threading.Event()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers.get("Authorization")
        self.server.seen.append((self.path, key, body))
        self.server.headers.append(self.headers)
        fault, status = self.server.faults.pop(0) if self.server.faults else GOOD, 200
        if isinstance(fault, int):
            fault = (fault, {"error": {"message": f"{key}\n is not a key. " + "x" * 1000}})
        if isinstance(fault, tuple):
            status, fault = fault
        text = fault if isinstance(fault, str) else json.dumps(fault)
        if fault == "slow":
            self.server.left.wait(1.5)
        self.send_response(status)
        if status in (307, 308):
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Type", "application/json")
        if fault == "cut":
            self.send_header("Content-Length", "99")
        self.end_headers()
        with contextlib.suppress(OSError):  # the client may have left
            self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.delenv("CLCA_TEST_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "key of another server")
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.left.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def waits(monkeypatch):
    """Waits are noted instead of waited."""
    found = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


def ask(url, seed=0, again=False, retries=0):
    options = Endpoint(url=url, model="judge", key_variable="CLCA_TEST_KEY", timeout=1)
    speaking = Speaking(temperature=0.0)
    return endpoint_ask(options, speaking, retries)([CHAT], seed, again=again)


def test_a_server_answers_with_the_key_of_the_environment(server, monkeypatch):
    monkeypatch.setenv("CLCA_TEST_KEY", "secret\n")
    assert ask(server.url, seed=5) == [Reply("VERDICT: good", truncated=True)]
    body = {"messages": CHAT, "model": "judge", "max_tokens": 120, "temperature": 0, "top_p": 0.7,
            "seed": 5}  # fmt: skip
    assert server.seen == [("/v1/chat/completions", "Bearer secret", body)]


def test_a_greedy_judge_samples_when_asked_again_and_without_a_key_none_is_sent(server):
    ask(f"{server.url}/", again=True)
    assert server.seen[0][2]["temperature"] == AGAIN
    assert server.seen[0][:2] == ("/v1/chat/completions", None)


@pytest.mark.parametrize("key", ["", "secret"])
def test_only_the_configured_key_of_the_environment_is_sent(server, monkeypatch, key):
    monkeypatch.setenv("CLCA_TEST_KEY", key)
    for name in ("ORG_ID", "PROJECT_ID", "ADMIN_KEY", "WEBHOOK_SECRET", "BASE_URL"):
        monkeypatch.setenv(f"OPENAI_{name}", "http://private")
    custom = ("Authorization", "authorization", "X-Custom", "User-Agent", "Accept")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "\n".join(f"{name}: private" for name in custom))
    assert ask(server.url)[0].text == "VERDICT: good"
    (headers,) = server.headers
    assert headers.get("Authorization") == (f"Bearer {key}" if key else None)
    assert "private" not in str(headers) and "another" not in str(headers)
    assert not [name for name in ("OpenAI-Organization", "OpenAI-Project") if name in headers]


@pytest.mark.parametrize("status", [307, 308])
def test_redirects_are_not_followed(server, status):
    server.faults += [status]
    with pytest.raises(UserError, match=rf"{status}; correct clca\..*\(to {server.url}/elsewhere "):
        ask(server.url, retries=RETRIES)
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_rejected_key_is_named_but_not_shown(server, monkeypatch, status):
    monkeypatch.setenv("CLCA_TEST_KEY", "wrong")
    server.faults += [status]
    with pytest.raises(UserError, match=r"; is CLCA_TEST_KEY set.*Bearer \*\*\*") as error:
        ask(server.url, retries=RETRIES)
    message = str(error.value)
    assert str(status) in message and "wrong" not in message and len(message) < 400
    assert len(server.seen) == 1 and error.value.__suppress_context__


@pytest.mark.parametrize("fault", [429, 503, "cut", "slow"])
def test_a_server_that_is_busy_or_away_is_asked_again_within_the_bound(server, waits, fault):
    server.faults += [fault, fault]
    assert ask(server.url, retries=2)[0].text == "VERDICT: good" and len(server.seen) == 3
    server.faults += [fault, fault]
    with pytest.raises(UserError, match=r"status \d\d\d|cannot be reached"):
        ask(server.url, retries=1)
    assert len(server.seen) == 5


def test_waits_grow_to_a_few_seconds_in_all(server, waits):
    server.faults += [503] * RETRIES
    ask(server.url, retries=RETRIES)
    assert len(waits) == RETRIES and 5 < sum(waits) < 8 and waits[0] < 1 < waits[-1]


def test_an_answer_without_text_is_empty(server):
    server.faults += [{"choices": [{"message": {"content": None}}]}]
    assert ask(server.url) == [Reply("", truncated=False)]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (400, "status 400"),
        ((404, {"detail": "no such\nmodel"}), r'status 404 \(\{"detail": "no such\\nmodel"\}\)'),
        ((400, "seed\n is  refused"), r"status 400 \(seed is refused\)"),
        ((422, "<html>\n" + "x" * 1000), r"status 422 \(<html> x{193}\)"),
        ({"choices": [{"message": {"content": [{"type": "text"}]}}]}, "content that is not text"),
        ({"choices": {}}, "without choices"),
        ({"error": "?"}, "without choices; is it a chat model"),
        ({"choices": []}, "without choices"),
        ([1], "without choices"),
        ("<html>", "cannot be reached"),
    ],
)
def test_other_failures_are_errors_at_once(server, fault, message):
    server.faults += [fault]
    with pytest.raises(UserError, match=message):
        ask(server.url, retries=RETRIES)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("url", "message"),
    [("http://127.0.0.1:9/v1", "cannot be reached .*is the server up"),
     ("file:///etc", r"http\(s\)")],
)  # fmt: skip
def test_a_wrong_address_is_an_error(url, message):
    with pytest.raises(UserError, match=message):
        ask(url)


@pytest.fixture
def engine(tmp_path):
    """A random model whose answers depend on the prompt; a group is one batch."""
    tokenizer = tiny.build_tokenizer()
    tokenizer.save_pretrained(tmp_path)
    tiny.build_model(len(tokenizer), initializer_range=0.3).save_pretrained(tmp_path)
    options = Model(label="Tiny", source=str(tmp_path), precision="fp32")
    return HfEngine(options, None, None, batch_tokens=100_000, threads=1)


def played_and_judged(engine):
    """Three dialogues of three turns, and their verdicts; a random model writes no keywords."""
    greedy = Speaking(max_new_tokens=8, temperature=0.0)
    ask = local_ask(engine, Model(label="Tiny", source="tiny"), greedy)

    def spoken(chats, seed, *, again):
        replies = ask(chats, seed, again=again)
        # on a line, and in a dialogue never the same as before
        return [Reply(f"SPEAK: {seed} {reply.text!a}") for reply in replies]

    bank = materials("us-tea", "us-walk", "us-bus")
    places = zip(bank.scenarios, ("A tea room.", "A walk in the park.", "A bus."), strict=True)
    talks = [Dialogue(scenario(*place), 0) for place in places]
    simulate(talks, spoken, bank, Roleplay(model="tiny", turns=3, retries=0))
    records = [talk.record("en") for talk in talks]
    return records, judge(records, bank, ask, retries=0)


def test_dialogues_and_verdicts_are_the_same_when_memory_runs_out(engine, monkeypatch):
    records, verdicts = played_and_judged(engine)
    assert [len(record["turns"]) for record in records] == [3, 3, 3]
    texts = {turn["text"] for record in records for turn in record["turns"]}
    assert len(texts) > 3  # a dialogue's turns are not those of another
    assert all(verdict["quality"]["reason"] for verdict in verdicts)
    rows, forward = [], engine.model.model.forward

    def scarce(*args, **kwargs):
        rows.append(len(kwargs["input_ids"]))
        if rows[-1] > 1 and rows.count(3) % 3 == 0:  # as the third token of a batch is chosen
            raise torch.OutOfMemoryError
        return forward(*args, **kwargs)

    monkeypatch.setattr(engine.model.model, "forward", scarce)
    assert played_and_judged(engine) == (records, verdicts)
    assert rows.count(3) == 6 * 3  # in each of three turns and of three questions
