"""An arm, loaded and ready to answer."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from culturalign import provenance
from culturalign.config.models import Model
from culturalign.models import chat_template
from culturalign.models.engine import Engine, open_engine
from culturalign.models.published_files import is_full_model


@dataclass(frozen=True)
class LoadedArm:
    """A model, with its adapter if it has one, in the engine that its configuration names."""

    engine: Engine
    options: Model

    def render(self, chats: Iterable[list[dict[str, str]]], *, raw: bool = False) -> list[str]:
        """Chats as the texts that the model reads, up to where its answers begin.

        Args:
            chats: Messages.
            raw: Without the chat template: the user's message alone.
        """
        tokenizer = self.engine.tokenizer
        if raw:
            return [chat_template.raw_text(tokenizer, chat) for chat in chats]
        return [chat_template.render(tokenizer, chat, self.options) for chat in chats]

    def write_provenance(self, path: Path, prompts: Sequence[str], /, **facts: Any) -> None:
        """Record what answered: weights and arithmetic, a digest of the prompts, other facts."""
        digest = hashlib.sha256("\0".join(prompts).encode()).hexdigest()
        provenance.write_record(path, **self.engine.facts, **facts, prompts_sha256=digest)


def open_arm(
    settings: Mapping[str, Any],
    base: Sequence[str],
    adapter: Sequence[str],
    *,
    batch_tokens: int,
    threads: int,
) -> LoadedArm:
    """Load an arm.

    Args:
        settings: Configuration of the base model.
        base: Its unpacked folder if it came in a package, else empty.
        adapter: Folder of the arm's adapter, or of a published full model; empty for the model as
            it is.
        batch_tokens: Most tokens in a batch.
        threads: CPU threads.
    """
    options = Model(**settings)
    folder, trained = (Path(found[0]) if found else None for found in (base, adapter))
    if trained and is_full_model(trained):
        folder, trained = trained, None
    engine = open_engine(options, folder, trained, batch_tokens=batch_tokens, threads=threads)
    return LoadedArm(engine, options)
