"""Who answers chats: a model of the run, or a server."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException
from typing import Any

from culturalign.clca.chat import Ask, Messages, Reply, temperature_of
from culturalign.config.clca import Endpoint, Speaking
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models import loading
from culturalign.models.engine import Engine

WAITS = (2.0, 8.0, 32.0)
"""Seconds before a server that is busy or away is asked again; ours."""
BUSY = (408, 425, 429)
"""Status codes that pass, beside all from 500."""
QUOTED = 200
"""Most characters of a server's error that are shown."""


def endpoint_ask(options: Endpoint, speaking: Speaking, waits: Sequence[float] = WAITS) -> Ask:
    """Let a server answer chats, one after the other.

    The key is read from the environment when a chat is sent, and is in no error, log or artifact.

    Args:
        options: The server.
        speaking: How it answers.
        waits: Seconds before each time that a chat which failed is sent again.
    """

    def ask(chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        said = {
            "model": options.model,
            "max_tokens": speaking.max_new_tokens,
            "temperature": temperature_of(speaking, again=again),
            "top_p": speaking.top_p,
            "seed": seed,
        }
        return [_reply(_post(options, {**said, "messages": chat}, waits)) for chat in chats]

    return ask


class BusyError(UserError):
    """The server is busy or away, which may pass."""


def _post(options: Endpoint, body: dict[str, Any], waits: Sequence[float]) -> Any:
    """The server's answer; while it is busy or away, it is asked again after each wait."""
    for wait in waits:
        with suppress(BusyError):
            return _sent(options, body)
        time.sleep(wait)
    return _sent(options, body)


def _sent(options: Endpoint, body: dict[str, Any]) -> Any:
    """The server's answer.

    Raises:
        BusyError: If it is busy or cannot be reached.
        UserError: If it refuses.
    """
    url = f"{options.url.rstrip('/')}/chat/completions"
    if not url.startswith(("http://", "https://")):
        raise UserError(f"{options.url!r} is no address; clca.judge.endpoint.url needs http(s)://")
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get(options.key_variable, ""):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=options.timeout) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        kind = BusyError if error.code in BUSY or error.code >= 500 else UserError
        hint = f"; is {options.key_variable} set?" if error.code in (401, 403) else ""
        told = _told(error, key)
        raise kind(f"{url} answers with status {error.code}{hint}{told}") from None
    except (OSError, HTTPException, ValueError) as error:
        kind = UserError if isinstance(error, ValueError) else BusyError  # no JSON, a wrong key
        raise kind(
            f"{url} cannot be asked ({type(error).__name__}); is the server up? Dialogues judged "
            "so far are kept"
        ) from None


def _told(error: urllib.error.HTTPError, key: str) -> str:
    """The beginning of what a server says about an error, without the key."""
    try:
        text = error.read().decode("utf-8", "replace")
    except (OSError, HTTPException):
        return ""
    words = " ".join((text.replace(key, "***") if key else text).split())
    return f" (it says: {words[:QUOTED]})" if words else ""


def _reply(answer: Any) -> Reply:
    try:
        choice = answer["choices"][0]
        text = choice["message"]["content"] or ""  # null: it says nothing
        return Reply(str(text), choice.get("finish_reason") == "length")
    except (KeyError, IndexError, TypeError):
        raise UserError("the judge's server answers without choices; is it a chat model?") from None


def local_ask(engine: Engine, options: Model, speaking: Speaking) -> Ask:
    """Let a loaded model answer chats."""

    def ask(chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        prompts = [loading.render(engine.tokenizer, chat, options) for chat in chats]
        answers = engine.generate(prompts, decoding_of(speaking, seed, again=again))
        return [Reply(answer.text, answer.truncated) for answer in answers]

    return ask


def decoding_of(speaking: Speaking, seed: int, *, again: bool) -> Decoding:
    """Settings of one call."""
    return Decoding(
        **speaking.model_dump(exclude={"temperature"}),
        temperature=temperature_of(speaking, again=again),
        max_items=None,
        seed=seed,
    )
