"""Where files of the repository, of the user, and of the package's source lie."""

import os
from pathlib import Path

from culturalign.artifacts.paths import DEMO
from culturalign.config.root import Config
from culturalign.files.required import missing_text, required_files
from culturalign.source_files import sources

COMPUTING = ("adapters.py", "draws.py", "rank_words.py", "scales.py")
"""Modules of the configuration that hold more than schema: jobs compute with them."""


class Locations:
    """Files by their configured path, relative to the working directory.

    Args:
        config: The configuration.
        root: The repository; the working directory may be another.
    """

    def __init__(self, config: Config, root: Path) -> None:
        self._root = root
        self.required = required_files(config.model_dump())

    def repository(self, path: str) -> str:
        """A file of the repository."""
        return os.path.relpath(self._root / path)

    def glob(self, pattern: str) -> list[str]:
        """Files of the repository, sorted."""
        return [os.path.relpath(file) for file in sorted(self._root.glob(pattern))]

    def located(self, path: str) -> str:
        """A configured file: in the working directory if it is there, else in the repository."""
        made_or_here = path.startswith(DEMO) or Path(path).exists()
        in_repository = not made_or_here and (self._root / path).exists()
        return self.repository(path) if in_repository else path

    def is_there(self, path: str) -> bool:
        """Whether a data file is made by the workflow or lies where the configuration says."""
        return path.startswith(DEMO) or Path(self.located(path)).exists()

    def missing(self) -> str:
        """A table of the required files that are missing, with what to do."""
        return missing_text(self.required, self.is_there)

    def code(self, entry: str) -> list[str]:
        """A source file and every module of the package it imports; an edit re-runs the rule.

        The schema of the configuration is left out: its values reach jobs as parameters, so a
        changed default re-runs the rules that have it, and a reworded docstring none.
        """
        schema = self._root / "src/culturalign/config"
        return [
            os.path.relpath(file)
            for file in sources(self._root / entry, self._root / "src/culturalign")
            if file.parent != schema or file.name in COMPUTING
        ]
