"""Who answers chats: a model of the run, or a server."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from culturalign.clca.chat import Ask, Messages, Reply, temperature_of
from culturalign.config.clca import Endpoint, Speaking
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models import chat_template
from culturalign.models.engine import Engine, open_engine

if TYPE_CHECKING:
    from openai import OpenAI

RETRIES = 4
"""How often a server that is busy or away is asked again, after waits that grow from 0.5 to 4 s, or
as long as its Retry-After says, if that is at most 2 min. Every attempt may last the configured
timeout: a server that hangs is given up after five of them. Ours."""
QUOTED = 200
"""Most characters of a server's error that are shown."""
Speaker = tuple[Ask, dict[str, Any]]
"""Who answers, and the facts that identify the weights or the server."""


def open_speaker(
    speaking: Speaking,
    model: dict[str, Any],
    base: Sequence[str],
    *,
    batch_tokens: int,
    threads: int,
    endpoint: Endpoint | None = None,
) -> Speaker:
    """Load a vanilla model of the run, or take a server.

    Args:
        speaking: How it answers.
        model: Its configuration.
        base: Folder of its unpacked weights, if it came in a package.
        batch_tokens: Most tokens of a batch.
        threads: CPU threads.
        endpoint: A server that answers instead.
    """
    if endpoint:
        facts = {"endpoint": endpoint.model_dump(include={"url", "model"})}
        return endpoint_ask(endpoint, speaking), facts
    options, folder = Model(**model), Path(base[0]) if base else None
    engine = open_engine(options, folder, None, batch_tokens=batch_tokens, threads=threads)
    return local_ask(engine, options, speaking), engine.facts


def local_ask(engine: Engine, options: Model, speaking: Speaking) -> Ask:
    """Let a loaded model answer chats."""

    def ask(chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        prompts = [chat_template.render(engine.tokenizer, chat, options) for chat in chats]
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


def endpoint_ask(endpoint: Endpoint, speaking: Speaking, retries: int = RETRIES) -> Ask:
    """Let a server answer chats, one after the other, by OpenAI's client.

    The key is read from the environment whenever chats are sent, and is in no error, log or
    artifact. Answering raises UserError if the server refuses, stays away or redirects.

    Raises:
        UserError: If the address is not one of http or https.
    """
    from openai import Omit

    url = endpoint.url
    if not url.startswith(("http://", "https://")):
        raise UserError(f"{url!r} is not an address; clca.judge.endpoint.url needs http(s)://")

    def ask(chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        key = os.environ.get(endpoint.key_variable, "").strip()
        with _client(endpoint, key, retries) as client:
            create = partial(
                client.chat.completions.create,
                model=endpoint.model,
                max_tokens=speaking.max_new_tokens,
                temperature=temperature_of(speaking, again=again),
                top_p=speaking.top_p,
                seed=seed,
                extra_headers={} if key else {"Authorization": Omit()},
            )
            return [_reply(create, chat, endpoint, key) for chat in chats]

    return ask


def _client(endpoint: Endpoint, key: str, retries: int) -> "OpenAI":
    """A client that sends nothing but the key and the chat, and only to the address."""
    from openai import DefaultHttpxClient, OpenAI

    class Client(OpenAI):
        @property
        def default_headers(self) -> dict[str, Any]:
            """Without those of OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS."""
            return {"Accept": "application/json", "Content-Type": "application/json"}

    return Client(
        api_key=key or "none",  # otherwise the client sends OPENAI_API_KEY to any server
        base_url=endpoint.url,
        timeout=endpoint.timeout,
        max_retries=retries,
        http_client=DefaultHttpxClient(follow_redirects=False),
    )


def _reply(create: Callable[..., Any], chat: Messages, endpoint: Endpoint, key: str) -> Reply:
    """Send one chat; errors are raised anew because the client's hold the request with the key."""
    from openai import APIConnectionError, APIStatusError

    try:
        choice = create(messages=chat).choices[0]
        text, truncated = choice.message.content, choice.finish_reason == "length"
    except APIStatusError as error:
        raise UserError(f"{endpoint.url} {_refusal(error.response, endpoint, key)}") from None
    except (APIConnectionError, ValueError) as error:
        raise UserError(
            f"{endpoint.url} cannot be reached ({type(error).__name__}); is the server up? "
            "Dialogues judged so far are kept"
        ) from None
    except (AttributeError, LookupError, TypeError):
        raise UserError(f"{endpoint.url} answers without choices; is it a chat model?") from None
    if not isinstance(text, str | None):
        raise UserError(f"{endpoint.url} answers with content that is not text; take another model")
    return Reply(text or "", truncated)


def _refusal(response: Any, endpoint: Endpoint, key: str) -> str:
    """Status and beginning of a server's error, on one line and without the key."""
    hint, text = "", response.text
    if response.status_code in (401, 403):
        hint = f"; is {endpoint.key_variable} set?"
    elif response.has_redirect_location:
        hint = "; correct clca.judge.endpoint.url, redirects are not followed"
        text = f"to {response.headers['Location']} {text}"
    text = " ".join((text.replace(key, "***") if key else text).split())
    return f"answers with status {response.status_code}{hint}" + f" ({text[:QUOTED]})" * bool(text)
