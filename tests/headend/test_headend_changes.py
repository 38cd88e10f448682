"""Changes that are refused: nothing is undone of what stayed as it was, everything of what did not."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.declaration import CosemObject
from harness.errors import Refused
from harness.headend.client import Client, Item
from harness.headend.restoring.changes import Changes
from harness.keys import Journal, WriteBack
from harness.protocol.axdr import Data, DataType

MASK = CosemObject.model_validate({"class": 6, "obis": "0.0.14.0.0.255"})
OLD, NEW = Data(DataType.OCTET_STRING, b"A"), Data(DataType.OCTET_STRING, b"B")


class Holding:
    """A client of a device with one attribute; ``takes`` says what a SET does to it, ``answers`` what it says."""

    declared = SimpleNamespace(id="management")

    def __init__(self, *, takes: bool, answers: bool) -> None:
        self.value = OLD
        self._takes = takes
        self._answers = answers

    def read(self, wanted: Item) -> Data:
        return self.value

    def set(self, wanted: Item, data: Data) -> None:
        if self._takes:
            self.value = data
        if not self._answers:
            raise Refused("SET", "dar:3")


class Bench:
    """Changes over a client that holds one attribute, and what is to be done at the end."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder, "device")
        self.ends: list[Callable[[], None]] = []
        self.closed = 0
        head_end: Any = SimpleNamespace(door=SimpleNamespace(id="wan"), close_all=self._close_all)
        trace: Any = SimpleNamespace(key="TR-Conf.01a-N22@wan")
        self.changes = Changes(
            head_end=head_end,
            journal=self.journal,
            trace=trace,
            at_the_end=self.ends.append,
            now=lambda: datetime(2026, 3, 2, tzinfo=UTC),
            shown=lambda shown: None,
        )

    def _close_all(self) -> None:
        self.closed += 1

    def attempt(self, client: Holding) -> Refused | None:
        return self.changes.attempt(cast("Client", client), MASK, 4, NEW)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_what_was_refused_and_stayed_is_left_alone(bench: Bench) -> None:
    refused = bench.attempt(Holding(takes=False, answers=False))
    assert refused is not None
    assert refused.answer == "dar:3"
    assert bench.journal.open_changes() == ()
    for end in bench.ends:
        end()
    assert bench.closed == 0


def test_what_was_refused_and_changed_is_still_to_be_undone(bench: Bench) -> None:
    assert bench.attempt(Holding(takes=True, answers=False)) is not None
    (entry,) = bench.journal.open_changes()
    assert entry.undo == WriteBack(class_id=6, obis="0.0.14.0.0.255", attribute=4, value="090141")


def test_what_was_taken_is_to_be_undone(bench: Bench) -> None:
    assert bench.attempt(Holding(takes=True, answers=True)) is None
    assert len(bench.journal.open_changes()) == len(bench.ends) == 1
