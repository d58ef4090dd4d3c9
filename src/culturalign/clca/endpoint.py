"""A server that speaks OpenAI's chat-completions protocol, as judge."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from culturalign.clca.speakers import Ask, Messages, Reply
from culturalign.config.clca import Endpoint, Speaking
from culturalign.errors import UserError

AGAIN = 0.7
"""As for a local model: temperature at which a greedy judge that is asked again answers."""


def endpoint_ask(options: Endpoint, speaking: Speaking) -> Ask:
    """Let a server answer chats, one after the other.

    The key is read from the environment when a chat is sent, and is in no error, log or artifact.
    """

    def ask(chats: Sequence[Messages], seed: int) -> list[Reply]:
        return [_reply(_post(options, _body(options, speaking, chat, seed))) for chat in chats]

    return ask


def _body(options: Endpoint, speaking: Speaking, chat: Messages, seed: int) -> dict[str, Any]:
    return {
        "model": options.model,
        "messages": chat,
        "max_tokens": speaking.max_new_tokens,
        "temperature": speaking.temperature or (AGAIN if seed else 0.0),
        "top_p": speaking.top_p,
        "seed": seed,
    }


def _post(options: Endpoint, body: dict[str, Any]) -> Any:
    """The server's answer.

    Raises:
        UserError: If it cannot be reached or refuses.
    """
    url = f"{options.url.rstrip('/')}/chat/completions"
    if not url.startswith(("http://", "https://")):
        raise UserError(f"{options.url!r} is no address; clca.judge.endpoint.url needs http(s)://")
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get(options.key_variable):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=options.timeout) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        hint = f"; is {options.key_variable} set?" if error.code in (401, 403) else ""
        raise UserError(f"{url} answers with status {error.code}{hint}") from None
    except (OSError, ValueError) as error:
        raise UserError(
            f"{url} cannot be asked ({type(error).__name__}); is the server up? Dialogues judged "
            "so far are kept"
        ) from None


def _reply(answer: Any) -> Reply:
    try:
        choice = answer["choices"][0]
        return Reply(str(choice["message"]["content"]), choice.get("finish_reason") == "length")
    except (KeyError, IndexError, TypeError):
        raise UserError("the judge's server answers without choices; is it a chat model?") from None
