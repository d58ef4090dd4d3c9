import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from culturalign.clca.answering import WAITS, endpoint_ask
from culturalign.clca.chat import AGAIN, Reply
from culturalign.config.clca import Endpoint, Speaking
from culturalign.errors import UserError

CHAT = [{"role": "user", "content": "Is it good?"}]


class Seen(list):
    """Requests; ``faults`` are what goes wrong with the next ones."""

    def __init__(self):
        self.faults = []


@pytest.fixture
def server():
    seen = Seen()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers.get("Authorization")
            seen.append((self.path, key, body))
            status = 401 if key == "Bearer wrong" else 200
            text = None if body["model"] == "silent" else "VERDICT: good"
            choice = {"message": {"content": text}, "finish_reason": "length"}
            answer = {"error": "?"} if body["model"] == "other" else {"choices": [choice]}
            if status == 401:
                answer = {"error": f"{key}\n is no key. " + "x" * 1000}
            fault = seen.faults.pop(0) if seen.faults else None
            if fault == "cut":  # less than was promised
                self.send_response(200)
                self.send_header("Content-Length", "99")
                self.end_headers()
                return
            if fault == "slow":
                time.sleep(1.5)
            self.send_response(fault if isinstance(fault, int) else status)
            self.end_headers()
            with contextlib.suppress(OSError):  # the client may have left
                self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1", seen
    server.shutdown()
    server.server_close()


def ask(url, model="judge", seed=0, again=False, waits=()):
    options = Endpoint(url=url, model=model, key_variable="CLCA_TEST_KEY", timeout=1)
    return endpoint_ask(options, Speaking(temperature=0.0), waits)([CHAT], seed, again=again)


def test_a_server_answers_with_the_key_of_the_environment(server, monkeypatch):
    url, seen = server
    monkeypatch.setenv("CLCA_TEST_KEY", "secret")
    assert ask(url) == [Reply("VERDICT: good", truncated=True)]
    path, key, body = seen[0]
    assert (path, key) == ("/v1/chat/completions", "Bearer secret")
    assert body["messages"] == CHAT and body["temperature"] == 0


def test_a_greedy_judge_is_sampled_only_when_asked_again(server):
    url, seen = server
    ask(url, seed=5)
    ask(url, seed=5, again=True)
    assert [body["temperature"] for _, _, body in seen] == [0, AGAIN]
    assert [body["seed"] for _, _, body in seen] == [5, 5]


def test_without_a_key_none_is_sent(server, monkeypatch):
    monkeypatch.delenv("CLCA_TEST_KEY", raising=False)
    ask(server[0])
    assert server[1][0][1] is None


def test_a_refused_key_is_named_but_not_shown(server, monkeypatch):
    monkeypatch.setenv("CLCA_TEST_KEY", "wrong")
    with pytest.raises(UserError, match="status 401; is CLCA_TEST_KEY set") as error:
        ask(server[0])
    told = str(error.value)
    assert "wrong" not in told and len(told) < 400
    assert '(it says: {"error": "Bearer *** is no key.' in told.replace("\\n", "")


@pytest.mark.parametrize("fault", [429, 503, "cut", "slow"])
def test_a_server_that_is_busy_or_away_is_asked_again_within_the_bound(server, fault):
    url, seen = server
    seen.faults += [fault, fault]
    assert ask(url, waits=[0, 0])[0].text == "VERDICT: good" and len(seen) == 3
    seen.faults += [fault, fault]
    with pytest.raises(UserError, match=r"status|cannot be asked"):
        ask(url, waits=[0])
    assert len(seen) == 5


def test_a_server_that_refuses_is_asked_once_and_waits_grow(server):
    url, seen = server
    seen.faults += [400]
    with pytest.raises(UserError, match="status 400"):
        ask(url, waits=[0, 0])
    assert len(seen) == 1
    assert list(WAITS) == sorted(set(WAITS))


def test_an_answer_without_text_is_empty(server):
    assert ask(server[0], model="silent")[0].text == ""


def test_other_failures_are_told(server):
    with pytest.raises(UserError, match="without choices"):
        ask(server[0], model="other")
    with pytest.raises(UserError, match="cannot be asked"):
        ask("http://127.0.0.1:9/v1")
    with pytest.raises(UserError, match=r"http\(s\)"):
        ask("file:///etc")
