"""The model folder that OpenRLHF starts from: local, and free of code."""

from pathlib import Path

from culturalign.config.models import Model
from culturalign.models.loading import check_folder
from culturalign.models.snapshot import snapshot


def start_folder(options: Model, base: Path | None) -> Path:
    """Folder of the starting weights, absolute.

    OpenRLHF takes a path without a revision and trusts code of the repository. It therefore gets
    a local folder: the commit that the configuration names, with nothing in it to run.

    ``base`` is their folder if they are not at ``options.source``: unpacked, or merged after SFT.

    Raises:
        UserError: If the model cannot be fetched, has no safetensors weights or contains code.
    """
    folder = snapshot(str(base or options.source), options.revision)
    check_folder(folder)
    return folder.resolve()
