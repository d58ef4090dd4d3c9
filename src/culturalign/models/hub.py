"""Whether a model of the Hugging Face hub can be had, asked before any GPU is.

The hub tells of a gated model that the user may not read it only when a file is fetched, which
would otherwise be in a job that has waited for its GPU for hours. Where there is no network, the
local cache counts.
"""

import json
from pathlib import Path

from huggingface_hub import get_hf_file_metadata, hf_hub_url, try_to_load_from_cache
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from culturalign.errors import UserError

LARGE = ("model.safetensors.index.json", "model.safetensors")
"""What names the weights: the index of several files, or the only one."""


def check_model(
    source: str, revision: str, *, endpoint: str | None = None, cache: Path | None = None
) -> dict[str, str]:
    """Find out where a model can be had: from the hub, or from the local cache.

    Args:
        source: Id on the hub, ``owner/name``.
        revision: Commit or branch.
        endpoint: Address of the hub, if not the usual one.
        cache: Folder of the local cache, if not the usual one.

    Returns:
        ``source``, ``revision``, ``commit`` and ``found`` (``hub`` or ``cache``).

    Raises:
        UserError: If it can be had nowhere: unknown, not permitted, or neither network nor cache.
    """
    known = {"source": source, "revision": revision}
    url = hf_hub_url(source, "config.json", revision=revision, endpoint=endpoint)
    try:
        commit = get_hf_file_metadata(url, endpoint=endpoint).commit_hash
        return {**known, "commit": commit or revision, "found": "hub"}
    except RevisionNotFoundError:
        raise UserError(
            f"{source}: has no revision {revision!r}; correct models.*.revision"
        ) from None
    except GatedRepoError:
        raise UserError(
            f"{source}: is gated, and you may not read it; accept its license on its page "
            f"(https://huggingface.co/{source}) and log in here: hf auth login"
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
    """Folder of a model in the local cache, if configuration, tokenizer and all weights are there.

    Args:
        source: Id on the hub.
        revision: Commit or branch.
        cache: Folder of the cache, if not the usual one.
    """

    def find(name: str) -> Path | None:
        path = try_to_load_from_cache(source, name, cache_dir=cache, revision=revision)
        return Path(path) if isinstance(path, str) else None

    index, single = map(find, LARGE)
    if index:
        shards = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        weights = [find(name) for name in sorted(set(shards))]
    else:
        weights = [single]
    config = find("config.json")
    return config.parent if config and find("tokenizer_config.json") and all(weights) else None
