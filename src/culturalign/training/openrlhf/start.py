"""The model folder that OpenRLHF starts from: local, and free of code."""

import json
from pathlib import Path

from huggingface_hub import snapshot_download

from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models.loading import check_folder, unavailable

NEEDED = ["*.json", "*.safetensors", "*.jinja", "tokenizer.model", "merges.txt", "vocab.txt"]
"""Files of a model repository; others, such as code and pickled weights, are not fetched."""


def start_folder(options: Model, base: Path | None) -> Path:
    """Folder of the starting weights, absolute.

    OpenRLHF takes a path without a revision and trusts code of the repository. It therefore gets
    a local folder: the commit that the configuration names, with nothing in it to run.

    ``base`` is their folder if they are not at ``options.source``: unpacked, or merged after SFT.

    Raises:
        UserError: If the model cannot be fetched, has no safetensors weights or contains code.
    """
    folder = base or Path(options.source)
    if not folder.is_dir():
        try:
            folder = Path(
                snapshot_download(options.source, revision=options.revision, allow_patterns=NEEDED)
            )
        except (OSError, ValueError) as error:
            raise unavailable(options.source, error) from error
    check_folder(folder)
    for name in ("config.json", "tokenizer_config.json"):
        file = folder / name
        if file.is_file() and "auto_map" in json.loads(file.read_text(encoding="utf-8")):
            raise UserError(
                f"{file}: auto_map names code of the model repository, which is not run"
            )
    return folder.resolve()
