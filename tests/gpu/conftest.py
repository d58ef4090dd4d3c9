"""The model of random weights, written once: 16 GB on a GPU."""

import pytest

from culturalign.config.models import Model
from tests.gpu import shapes


@pytest.fixture(scope="session")
def shape() -> shapes.Shape:
    """The shape, and how much it is given."""
    return shapes.choose()


@pytest.fixture(scope="session")
def saved(shape, tmp_path_factory) -> Model:
    """The model's configuration, with its random weights in a folder."""
    return shapes.save(shape, tmp_path_factory.mktemp("model"))
