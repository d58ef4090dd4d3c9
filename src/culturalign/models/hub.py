"""Fetches a model of the Hugging Face hub into its cache, before any job waits for a GPU.

Otherwise a job that has waited for its GPU for hours would fetch it, or be refused a gated model.
Without a network, the local cache counts; ``HF_HOME`` says where it is.
"""

import json
from pathlib import Path

from huggingface_hub import (
    get_hf_file_metadata,
    hf_hub_url,
    snapshot_download,
    try_to_load_from_cache,
)
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from culturalign.errors import UserError
from culturalign.models.model_source import is_on_hub

WEIGHTS = ("model.safetensors.index.json", "model.safetensors")
"""The index of several files of weights, or the only file."""

FILES = ("*.json", "*.safetensors", "*.jinja", "*.model", "*.txt")
"""Weights as safetensors only, configuration, tokenizer; no code and no pickled weights."""
DUPLICATES = ("original/*", "consolidated*")
"""The same weights again, in their authors' own layout."""


def fetch_model(
    source: str, revision: str, *, endpoint: str | None = None, cache: Path | None = None
) -> dict[str, str]:
    """Fetch what is missing in the cache of a model; :func:`check_model` says what is returned.

    Of a local folder nothing is fetched: ``source``, and ``found`` is ``folder``.

    Raises:
        UserError: As :func:`check_model`, or if fetching fails.
    """
    if not is_on_hub(source):
        return {"source": source, "found": "folder"}
    found = check_model(source, revision, endpoint=endpoint, cache=cache)
    if found["found"] == "cache":
        return found
    try:
        # by the revision's name, which jobs without a network look up
        folder = download(source, revision, endpoint=endpoint, cache=cache)
    except (HfHubHTTPError, HTTPError, OSError) as error:
        raise UserError(
            f"{source}: fetching it failed ({type(error).__name__}: {error}); is there room in the "
            "cache (HF_HOME)? The same command continues"
        ) from error
    return {**found, "commit": folder.name}


def download(
    source: str, revision: str | None, *, endpoint: str | None = None, cache: Path | None = None
) -> Path:
    """Folder in the local cache of a revision of ``owner/name``, with its safe files only."""
    folder = snapshot_download(
        source,
        revision=revision,
        endpoint=endpoint,
        cache_dir=cache,
        allow_patterns=list(FILES),
        ignore_patterns=list(DUPLICATES),
    )
    return Path(folder)


def check_model(
    source: str, revision: str, *, endpoint: str | None = None, cache: Path | None = None
) -> dict[str, str]:
    """Find a revision, commit or branch, of ``owner/name`` on the hub, or in the local cache.

    Returns:
        ``source``, ``revision``, ``commit`` and ``found`` (``hub`` or ``cache``).

    Raises:
        UserError: If it is unknown or not permitted, or there is neither network nor cache.
    """
    known = {"source": source, "revision": revision}
    url = hf_hub_url(source, "config.json", revision=revision, endpoint=endpoint)
    try:
        commit = get_hf_file_metadata(url, endpoint=endpoint).commit_hash
        return {**known, "commit": commit or revision, "found": "hub"}
    except RevisionNotFoundError:
        raise UserError(
            f"{source}: there is no revision {revision!r}; correct models.*.revision"
        ) from None
    except GatedRepoError:
        raise UserError(
            f"{source}: is gated, and you may not read it; accept its license on its page "
            f"(https://huggingface.co/{source}) and log in: hf auth login"
        ) from None
    except RepositoryNotFoundError:
        raise UserError(
            f"{source}: no such model on the hub, or it is private; correct models.*.source, or "
            "log in: hf auth login"
        ) from None
    except (HfHubHTTPError, HTTPError, OSError) as error:
        reason = type(error).__name__
    if folder := cached(source, revision, cache):
        return {**known, "commit": folder.name, "found": "cache"}
    raise UserError(
        f"{source}: the hub cannot be reached ({reason}) and the local cache does not hold the "
        f"whole model; where there is a network: hf download {source} --revision {revision}"
    )


def cached(source: str, revision: str, cache: Path | None = None) -> Path | None:
    """Folder of a model in the local cache, if configuration, tokenizer and weights are there."""

    def find(name: str) -> Path | None:
        path = try_to_load_from_cache(source, name, cache_dir=cache, revision=revision)
        return Path(path) if isinstance(path, str) else None

    index, single = map(find, WEIGHTS)
    if index:
        shards = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        weights = [find(name) for name in sorted(set(shards))]
    else:
        weights = [single]
    config = find("config.json")
    return config.parent if config and find("tokenizer_config.json") and all(weights) else None
