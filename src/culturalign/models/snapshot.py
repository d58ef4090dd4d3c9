"""Folders of weights: local ones, and those of the Hugging Face hub, without anything to run."""

import json
from pathlib import Path

from culturalign.errors import UserError
from culturalign.models import hub
from culturalign.models.loading import unavailable


def snapshot(source: str, revision: str | None = None) -> Path:
    """A local folder, or that of a revision of a model repository in the local cache.

    Raises:
        UserError: If it cannot be fetched, or names code.
    """
    folder = Path(source)
    if not folder.is_dir():
        try:
            folder = hub.download(source, revision)
        except (OSError, ValueError) as error:
            raise unavailable(source, error) from error
    for name in ("config.json", "tokenizer_config.json"):
        file = folder / name
        if file.is_file() and "auto_map" in json.loads(file.read_text(encoding="utf-8")):
            raise UserError(
                f"{file}: auto_map names code of the model repository, which is not run"
            )
    return folder
