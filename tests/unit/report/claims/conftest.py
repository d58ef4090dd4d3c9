"""Tables on which claims are checked."""

import pytest

from tests.unit.report.claims.small_world import write_tables


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    return write_tables(tmp_path_factory.mktemp("tables"))
