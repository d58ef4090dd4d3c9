"""The tests' tiny model, ready to answer."""

import pytest

from culturalign.samples.loaded_arm import open_arm


@pytest.fixture(scope="session")
def arm(tiny_model):
    settings = {"label": "Tiny", "source": str(tiny_model), "precision": "fp32"}
    return open_arm(settings, [], [], batch_tokens=100, threads=1)
