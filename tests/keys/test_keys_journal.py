"""The journal of changes: on disk before they are sent, and there until they are undone."""

import json
import os
import stat
from pathlib import Path

import pytest

from harness.keys import GiveKeysBack, Invoke, Journal, SetClock, StoreDamaged, WriteBack
from harness.keys.journal import Undo

_UNDOS: tuple[Undo, ...] = (
    WriteBack(class_id=7, obis="1.0.99.1.0.255", attribute=4, value="0600000384"),
    Invoke(class_id=64, obis="0.0.43.0.0.255", method=1, parameter="1600"),
    Invoke(class_id=70, obis="0.0.96.3.10.255", method=2, parameter=None),
    SetClock(class_id=8, obis="0.0.1.0.0.255"),
    GiveKeysBack(class_id=64, obis="0.0.43.0.0.255", names=("encryption_key", "authentication_key")),
)


def opened(journal: Journal, undo: Undo) -> int:
    return journal.open_change(
        scenario="TR-Conf.02c-P01@wan", door="wan", association="management", about="attribute 4", undo=undo
    )


@pytest.mark.parametrize("undo", _UNDOS, ids=["write-back", "invoke", "invoke-without-parameter", "clock", "keys"])
def test_a_change_is_there_for_the_next_process(tmp_path: Path, undo: Undo) -> None:
    number = opened(Journal(tmp_path, "maker/1"), undo)
    (entry,) = Journal(tmp_path, "maker/1").open_changes()
    assert (entry.number, entry.undo, entry.door, entry.association) == (number, undo, "wan", "management")


def test_a_change_that_is_undone_is_gone_and_the_others_keep_their_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "maker/1")
    numbers = [opened(journal, undo) for undo in _UNDOS]
    journal.close_change(numbers[1])
    assert [entry.number for entry in journal.open_changes()] == [numbers[0], *numbers[2:]]


def test_a_change_is_undone_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "maker/1")
    number = opened(journal, _UNDOS[0])
    journal.close_change(number)
    with pytest.raises(ValueError, match="is not open"):
        journal.close_change(number)


def test_devices_have_journals_of_their_own(tmp_path: Path) -> None:
    opened(Journal(tmp_path, "maker/1"), _UNDOS[0])
    assert Journal(tmp_path, "maker/2").open_changes() == ()


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    Journal(tmp_path, "maker/1").open_changes()
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "maker/1")
    opened(journal, _UNDOS[0])
    assert stat.S_IMODE(os.stat(journal.path).st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        json.dumps({"changes": [{"number": 1}]}),
        json.dumps({"changes": [{"number": 1, "undo": {"kind": "magic"}}]}),
        json.dumps({"changes": 5}),
    ],
    ids=["empty", "array", "no-changes", "cut", "unknown-kind", "no-list"],
)
def test_a_damaged_journal_is_for_a_person_to_look_at(tmp_path: Path, content: str) -> None:
    journal = Journal(tmp_path, "maker/1")
    opened(journal, _UNDOS[0])
    journal.path.write_text(content, encoding="utf-8")
    with pytest.raises(StoreDamaged, match="is damaged"):
        journal.open_changes()
