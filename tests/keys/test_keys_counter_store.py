import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.keys import CounterExhausted, CounterStore, InvocationCounter, StoreDamaged, state_folder

KEY = bytes(range(16))
TITLE = b"CFM\x00\x00\x00\x00\x01"

TAKE_AND_PRINT = """
import sys
from pathlib import Path
from harness.keys import CounterStore
counter = CounterStore(Path(sys.argv[1]), block=3).counter(key=bytes(range(16)), system_title=b"CFM\\0\\0\\0\\0\\1")
while True:
    sys.stdout.write(f"{counter.take()}\\n")
    sys.stdout.flush()
"""


def counter_in(folder: Path, *, block: int = 4, key: bytes = KEY, title: bytes = TITLE) -> InvocationCounter:
    return CounterStore(folder, block=block).counter(key=key, system_title=title)


def the_file(folder: Path) -> Path:
    (found,) = (folder / "counters").glob("*.json")
    return found


def test_numbers_rise_across_blocks_and_programs(tmp_path: Path) -> None:
    first = counter_in(tmp_path)
    assert [first.take() for _ in range(6)] == [1, 2, 3, 4, 5, 6]
    # The second block is reserved as a whole, so another program begins behind it.
    assert counter_in(tmp_path).take() == 9
    assert first.take() == 7


def test_what_is_reserved_is_on_disk_before_it_is_used(tmp_path: Path) -> None:
    assert counter_in(tmp_path).take() == 1
    assert the_file(tmp_path).read_text() == '{"next": 5}'


def test_counters_belong_to_key_and_title(tmp_path: Path) -> None:
    for counter in (
        counter_in(tmp_path),
        counter_in(tmp_path, key=bytes(16)),
        counter_in(tmp_path, title=b"CFM\x00\x00\x00\x00\x02"),
    ):
        assert counter.take() == 1
    names = " ".join(path.name for path in (tmp_path / "counters").iterdir())
    assert KEY.hex() not in names


def test_above_what_the_device_announces_and_never_back(tmp_path: Path) -> None:
    counter = counter_in(tmp_path)
    counter.above(1000)
    assert counter.take() == 1001
    counter.above(5)
    assert counter.take() == 1002
    counter.above(1002)
    assert counter.take() == 1003
    counter.above(5000)
    assert counter.take() == 5001
    assert counter_in(tmp_path).take() == 5005


def test_the_last_number_and_none_behind_it(tmp_path: Path) -> None:
    counter = counter_in(tmp_path)
    counter.above(0xFFFFFFFE)
    assert counter.take() == 0xFFFFFFFF
    for other in (counter, counter_in(tmp_path)):
        with pytest.raises(CounterExhausted, match="new key"):
            other.take()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"next": "5"}', '{"next": 0}', '{"next": true}', '{"next": 4294967297}']
)
def test_a_damaged_file_is_never_taken_for_a_new_one(content: str, tmp_path: Path) -> None:
    counter_in(tmp_path).take()
    the_file(tmp_path).write_text(content)
    with pytest.raises(StoreDamaged, match="damaged"):
        counter_in(tmp_path).take()
    assert the_file(tmp_path).read_text() == content


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    counter_in(folder).take()
    assert stat.S_IMODE((folder / "counters").stat().st_mode) == 0o700
    for path in (folder / "counters").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "counters").write_text("a file in its place")
    with pytest.raises(StoreDamaged, match="cannot be locked"):
        counter_in(tmp_path).take()


def test_programs_that_are_killed_and_run_at_once_never_share_a_number(tmp_path: Path) -> None:
    taken: list[int] = []
    for round_number in range(4):
        programs = [
            subprocess.Popen([sys.executable, "-c", TAKE_AND_PRINT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for program in programs:
            assert program.stdout is not None
            taken.append(int(program.stdout.readline()))  # both are under way
        time.sleep(0.01 * round_number)
        for program in programs:
            program.send_signal(signal.SIGKILL)
        highest = max(taken)
        for program in programs:
            output, _ = program.communicate(timeout=10)
            # The kill may have cut off the last line.
            taken += [int(line) for line in output.splitlines(keepends=True) if line.endswith("\n")]
            assert program.returncode == -signal.SIGKILL
        assert max(taken) >= highest
        assert counter_in(tmp_path).take() > max(taken)
    assert len(taken) == len(set(taken))
    assert len(taken) >= 8


@given(jumps=st.lists(st.integers(0, 200), max_size=20))
def test_numbers_always_rise(jumps: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("state")
    last = 0
    counter = counter_in(folder)
    for jump in jumps:
        counter.above(jump)
        if jump % 3 == 0:
            counter = counter_in(folder)
        number = counter.take()
        assert number > last
        last = number


def test_the_state_folder_is_chosen_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path))
    assert state_folder() == tmp_path
    monkeypatch.delenv("CONFORMETER_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_folder() == tmp_path / "conformeter"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder() == tmp_path / ".local" / "state" / "conformeter"
    assert os.listdir(tmp_path) == []
