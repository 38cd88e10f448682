"""The device's own process: it is waited for in bounds, its last words are told, and it ends with the run."""

import sys
import time
from pathlib import Path

import pytest

from harness.declaration import load_declaration
from harness.errors import LabError
from harness.run.lab_process import LabProcess, own_folder, placed

ROOT = Path(__file__).parents[2]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


READY = "import time; print('starting', flush=True); print('ready', flush=True); time.sleep(60)"


def test_process_that_says_ready_runs_until_the_end() -> None:
    with LabProcess(python(READY)) as lab:
        process = lab._process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys; sys.exit('the port is taken')", "the port is taken"),
        ("pass", "no output"),
        ("import os, time; os.close(1); os.close(2); time.sleep(60)", "no output"),
        ("print('almost ready')", "no output"),
    ],
    ids=["dies", "ends", "closes-its-output", "other-words"],
)
def test_process_that_is_not_there_for_use_is_an_error_of_the_lab(code: str, words: str) -> None:
    started = time.monotonic()
    with pytest.raises(LabError, match='printed no line "ready"') as failed, LabProcess(python(code), ready_s=5.0):
        pytest.fail("it was taken for ready")
    assert words in str(failed.value)
    assert time.monotonic() - started < 5.0


def test_process_that_never_says_ready_is_given_up_in_time() -> None:
    started = time.monotonic()
    with (
        pytest.raises(LabError, match=r"within 0\.3 s"),
        LabProcess(python("import time; time.sleep(60)"), ready_s=0.3),
    ):
        pytest.fail("it was taken for ready")
    assert time.monotonic() - started < 5.0


def test_process_that_talks_a_lot_is_not_held_up_by_a_full_pipe() -> None:
    code = "print('ready', flush=True)\nfor _ in range(5000): print('x' * 100)\nopen('done', 'w').close()"
    folder = own_folder()
    with LabProcess(python(f"import os, time; os.chdir({str(folder)!r})\n{code}\ntime.sleep(60)")):
        until = time.monotonic() + 10.0
        while not (folder / "done").exists() and time.monotonic() < until:
            time.sleep(0.02)
    assert (folder / "done").exists()


def test_command_that_cannot_be_started_is_an_error_of_the_lab() -> None:
    with pytest.raises(LabError, match="'/no/such/meter' cannot be started"), LabProcess(["/no/such/meter"]):
        pytest.fail("it was started")


def test_placeholders_become_free_ports_the_folder_and_this_python(tmp_path: Path) -> None:
    declaration = load_declaration(ROOT / "devices" / "reference.toml")
    ready = placed(declaration, str(tmp_path))
    command = " ".join(ready.lab.device_command)
    assert "{" not in command
    assert sys.executable in command
    assert str(tmp_path) in command
    assert all("{" not in door.url for door in ready.doors)
    assert ready.door("tcp").url.partition(":")[2] == ready.door("udp").url.partition(":")[2]
    assert ready.door("tcp").url != ready.door("hdlc-tcp").url
