"""What holds for all tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep counters and keys of the tests, their subprocesses included, out of the user's state folder."""
    folder = tmp_path_factory.mktemp("state")
    before = os.environ.get("CONFORMETER_STATE")
    os.environ["CONFORMETER_STATE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["CONFORMETER_STATE"]
    else:
        os.environ["CONFORMETER_STATE"] = before
