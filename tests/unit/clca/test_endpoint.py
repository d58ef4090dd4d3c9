import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from culturalign.clca.endpoint import endpoint_ask
from culturalign.clca.speakers import AGAIN, Reply
from culturalign.config.clca import Endpoint, Speaking
from culturalign.errors import UserError

CHAT = [{"role": "user", "content": "Is it good?"}]


@pytest.fixture
def server():
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers.get("Authorization")
            seen.append((self.path, key, body))
            status = 401 if key == "Bearer wrong" else 200
            choice = {"message": {"content": "VERDICT: good"}, "finish_reason": "length"}
            answer = {"choices": [choice]} if body["model"] == "judge" else {"error": "?"}
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1", seen
    server.shutdown()
    server.server_close()


def ask(url, model="judge", seed=0, again=False):
    options = Endpoint(url=url, model=model, key_variable="CLCA_TEST_KEY")
    return endpoint_ask(options, Speaking(temperature=0.0))([CHAT], seed, again=again)


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
    assert "wrong" not in str(error.value)


def test_other_failures_are_told(server):
    with pytest.raises(UserError, match="without choices"):
        ask(server[0], model="other")
    with pytest.raises(UserError, match="cannot be asked"):
        ask("http://127.0.0.1:9/v1")
    with pytest.raises(UserError, match=r"http\(s\)"):
        ask("file:///etc")
