"""A server that speaks OpenAI's chat-completions protocol, as judge."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from culturalign.clca.speakers import Ask, Messages, Reply, temperature_of
from culturalign.config.clca import Endpoint, Speaking
from culturalign.errors import UserError


def endpoint_ask(options: Endpoint, speaking: Speaking) -> Ask:
    """Let a server answer chats, one after the other.

    The key is read from the environment when a chat is sent, and is in no error, log or artifact.
    """

    def ask(chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        said = {
            "model": options.model,
            "max_tokens": speaking.max_new_tokens,
            "temperature": temperature_of(speaking, again=again),
            "top_p": speaking.top_p,
            "seed": seed,
        }
        return [_reply(_post(options, {**said, "messages": chat})) for chat in chats]

    return ask


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
