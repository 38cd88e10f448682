"""A run that is killed in the middle of a change: the next start, or the command, undoes it.

The device is a meter in a process of its own, so it lives on; the run that dies is a forked child that kills itself
before one of the things it does: writing to a store, or sending octets.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from harness.catalogue import Catalogue, load_catalogue
from harness.declaration import Declaration, merge_patch, parse_declaration, read_data
from harness.effect import EFFECTS
from harness.errors import LabError, UsageError
from harness.headend.client import item
from harness.headend.restoring.child_keys import ChildKeys
from harness.headend.restoring.key_ring import device_of
from harness.headend.restoring.key_transfer import KeyTransfer
from harness.headend.tariff.calendar import ActivityCalendar
from harness.headend.tariff.shift_times import Shift
from harness.keys import Invoke, Journal, KeyStore
from harness.protocol import axdr
from harness.run.exit_code import ExitCode
from harness.run.items import ItemMeta
from harness.run.restore import RestoreSettings, restore, restore_before_run
from harness.run.run import Run
from harness.run.trial import Trial
from harness.transport.tcp import TcpTransport

ROOT = Path(__file__).resolve().parents[2]
IN_USE = 4
"""Key status of a client that has deciphered a telegram."""
_FEWEST_STEPS, _MOST_STEPS = 10, 200
_NEW_PERIOD_S = 300
_KEYS = ("encryption_key", "authentication_key")


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """URL of a reference meter in a process of its own."""
    command = [sys.executable, "-m", "reference_meter", "--listen", "tcp://127.0.0.1:0", "--reaction-s", "0.001"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


@cache
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "requirements")


class Lab:
    """A device with its declaration on disk, and the folder of what outlives a run."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        data = read_data(ROOT / "devices" / "reference-loop.toml")
        door = {"id": "wan", "protocol": "wrapper", "url": url, "connections": 4, "associations": 4}
        self.data = merge_patch(data, {"doors": [door], "bench": {"control": "tcp://127.0.0.1:9"}})
        self.declaration: Declaration = parse_declaration(self.data, name="the meter under test")

    @property
    def file(self) -> Path:
        """The declaration as a lab has it."""
        text = (ROOT / "devices" / "reference-loop.toml").read_text(encoding="utf-8")
        head, _, rest = text.partition("[[doors]]")
        _, _, rest = rest.rpartition("[[doors]]")
        _, associations, rest = rest.partition("[[associations]]")
        url = self.declaration.door("wan").url
        door = f'[[doors]]\nid = "wan"\nprotocol = "wrapper"\nurl = "{url}"\n\n'
        bench = rest.replace("[bench]", '[bench]\ncontrol = "tcp://127.0.0.1:9"')
        path = self.folder / "meter.toml"
        path.write_text(head + door + associations + bench, encoding="utf-8")
        return path

    @property
    def journal(self) -> Journal:
        return Journal(self.state, device_of(self.declaration))

    @contextmanager
    def run(self, name: str) -> Iterator[Run]:
        run = Run(
            declaration=self.declaration,
            catalogue=catalogue(),
            trace_path=self.folder / f"{name}.jsonl",
            keep=lambda result: None,
            state=self.state,
        )
        try:
            yield run
        finally:
            run.close()

    def trial(self, run: Run) -> Trial:
        return run.trial(
            ItemMeta(
                id="TR-Conf.02c-P01",
                row=None,
                door="wan",
                title="a change",
                requirements=("TR-Conf.02c",),
                effects=frozenset(EFFECTS),
                positive=True,
            )
        )


@pytest.fixture
def lab(served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path / "state"))
    return Lab(served, tmp_path)


def change_parameter(trial: Trial) -> None:
    profile = trial.object("load_profile")
    client = trial.head_end.associate("management")
    trial.changes.set(client, profile, 4, axdr.Data(axdr.DataType.DOUBLE_LONG_UNSIGNED, _NEW_PERIOD_S))


def change_keys(trial: Trial) -> None:
    transfer = transfer_of(trial)
    client = trial.head_end.associate_declared(transfer.declared)
    trial.changes.give_keys(transfer, client, transfer.new_keys(_KEYS))


def change_child_key(trial: Trial) -> None:
    declared, (child,) = trial.declaration.association("management-secured"), trial.declaration.children
    keys = ChildKeys(trial.head_end, trial.trace, declared, child)
    client = trial.head_end.associate_declared(declared)
    trial.changes.child_key(declared.id, child.name)
    keys.give(client, keys.new_key())


def activate_policy(trial: Trial) -> None:
    setup = trial.object("security_setup")
    client = trial.head_end.associate_declared(trial.declaration.association("management-secured"))
    policy = client.read(item(setup, 2))
    trial.changes.invoke(client, setup, 1, policy, undone_by=(1, policy))


def change_limiter(trial: Trial) -> None:
    limiter = trial.object("limiter")
    client = trial.head_end.associate("management")
    for attribute, number in ((4, 4_000), (6, 3), (7, 4)):
        trial.changes.set(client, limiter, attribute, axdr.Data(axdr.DataType.DOUBLE_LONG_UNSIGNED, number))


def change_calendar(trial: Trial) -> None:
    calendar = ActivityCalendar(client=trial.head_end.associate("management"), target=trial.object("activity_calendar"))
    calendar.keep(trial.changes)
    calendar.send(
        calendar.active().following(Shift(start=bytes((3, 30, 0, 0)), table=bytes((0, 0, 10, 0, 100, 255)), selector=1))
    )
    calendar.activate()


def disconnect(trial: Trial) -> None:
    disconnector = trial.object("disconnector")
    client = trial.head_end.associate("management")
    trial.changes.supply(client, disconnector)
    client.set(item(disconnector, 4), axdr.Data(axdr.DataType.ENUM, 4))
    client.action(disconnector, 1, axdr.Data(axdr.DataType.INTEGER, 0))


def held(lab: Lab, role: str, attributes: Sequence[int]) -> list[object]:
    """Return what attributes of an object hold."""
    with lab.run("look") as run:
        trial = lab.trial(run)
        client = trial.head_end.associate("management")
        values: list[object] = [client.read(item(trial.object(role), attribute)) for attribute in attributes]
        trial.head_end.close_all()
        return values


def leave_a_policy_open(lab: Lab) -> None:
    """Leave a change that the device will not take back: a policy can be raised only."""
    lowest = axdr.encode(axdr.Data(axdr.DataType.ENUM, 0)).hex()
    setup = Invoke(class_id=64, obis="0.0.43.0.0.255", method=1, parameter=lowest)
    lab.journal.open_change(
        scenario="TR-Conf.05b-P01@wan",
        door="wan",
        association="management-secured",
        about="method 1 of 0.0.43.0.0.255",
        undo=setup,
    )


def transfer_of(trial: Trial) -> KeyTransfer:
    declared = trial.declaration.association("management-secured")
    return KeyTransfer(trial.head_end, trial.trace, declared, trial.object("security_setup"))


def capture_period(lab: Lab) -> object:
    with lab.run("look") as run:
        trial = lab.trial(run)
        value = trial.head_end.associate("reading").read(item(trial.object("load_profile"), 4)).value
        trial.head_end.close_all()
        return value


def declared_keys_work(lab: Lab) -> bool:
    with lab.run("look") as run:
        transfer = transfer_of(lab.trial(run))
        return transfer.works({name: transfer.declared_key(name) for name in _KEYS})


def die_before(step: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Have this process kill itself before it does ``step`` things that a crash could come between."""
    done = 0

    def counted(owner: type, name: str) -> None:
        original = getattr(owner, name)

        def count(*arguments: object, **named: object) -> object:
            nonlocal done
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            return original(*arguments, **named)

        monkeypatch.setattr(owner, name, count)

    for name in ("open_change", "close_change"):
        counted(Journal, name)
    for name in ("propose", "settle", "forget"):
        counted(KeyStore, name)
    counted(TcpTransport, "send")
    counted(TcpTransport, "receive")
    return lambda: done


def killed_at(step: int, lab: Lab, change: Callable[[Trial], None], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Make a change and undo it, in a child that dies before its ``step``-th doing; False where it got through."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            die_before(step, monkeypatch)
            with lab.run(f"step-{step}") as run:
                trial = lab.trial(run)
                try:
                    change(trial)
                finally:
                    trial.end()
                    trial.head_end.close_all()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"step {step} ended with {status}"
    return os.WIFSIGNALED(status)


def undo(lab: Lab, step: int) -> list[str]:
    told: list[str] = []
    with lab.run(f"restore-{step}") as run:
        restore_before_run(run, told.append)
    return told


def kill_at_each_step(lab: Lab, change: Callable[[Trial], None], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return what was told at each step; the journal is empty after each."""
    told: list[list[str]] = []
    for step in range(_MOST_STEPS):
        if not killed_at(step, lab, change, monkeypatch):
            assert step > _FEWEST_STEPS
            return told
        told.append(undo(lab, step))
        assert lab.journal.open_changes() == ()
    raise AssertionError(f"more than {_MOST_STEPS} steps")


def test_a_parameter_is_put_back_whenever_the_run_dies(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    before = capture_period(lab)
    assert before != _NEW_PERIOD_S
    told = kill_at_each_step(lab, change_parameter, monkeypatch)
    assert capture_period(lab) == before
    assert any("undone: attribute 4" in line for lines in told for line in lines)


def test_keys_are_given_back_whenever_the_run_dies(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    told = kill_at_each_step(lab, change_keys, monkeypatch)
    assert declared_keys_work(lab)
    assert any("undone: keys of" in line for lines in told for line in lines)
    assert not list((lab.state / "keys").glob("*.json"))


def test_the_key_of_a_meter_behind_is_given_back_whenever_the_run_dies(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = kill_at_each_step(lab, change_child_key, monkeypatch)
    assert any("undone: the key of gas" in line for lines in told for line in lines)
    assert not list((lab.state / "keys").glob("*.json"))
    with lab.run("look") as run:
        trial = lab.trial(run)
        client = trial.head_end.associate("management")
        status = client.read(item(trial.declaration.children[0].client, 14)).value
        trial.head_end.close_all()
    assert status == IN_USE


def test_a_policy_change_is_undone_whenever_the_run_dies(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    told = kill_at_each_step(lab, activate_policy, monkeypatch)
    assert any("undone: method 1 of" in line for lines in told for line in lines)


@pytest.mark.parametrize(
    ("change", "role", "attributes"),
    [
        (change_limiter, "limiter", (4, 6, 7)),
        (change_calendar, "activity_calendar", range(2, 11)),
        (disconnect, "disconnector", (2, 3, 4)),
    ],
)
def test_limiter_calendar_and_supply_are_as_before_whenever_the_run_dies(
    lab: Lab,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Trial], None],
    role: str,
    attributes: Sequence[int],
) -> None:
    before = held(lab, role, attributes)
    told: list[str] = []
    for step in range(_MOST_STEPS):
        if not killed_at(step, lab, change, monkeypatch):
            break
        told += undo(lab, step)
        assert held(lab, role, attributes) == before, f"after dying at step {step}"
    else:
        raise AssertionError(f"more than {_MOST_STEPS} steps")
    assert held(lab, role, attributes) == before
    assert any(line.startswith("undone") for line in told)


def test_a_change_that_cannot_be_undone_keeps_the_next_run_from_beginning(lab: Lab) -> None:
    leave_a_policy_open(lab)
    with pytest.raises(LabError, match=r"method 1 of .* could not be undone: .*action-result.*--forget"):
        undo(lab, 0)
    assert len(lab.journal.open_changes()) == 1


def test_the_command_undoes_tells_and_keeps_what_was_exchanged(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with lab.run("changing") as run:
        trial = lab.trial(run)
        change_keys(trial)  # and no end of the scenario
        trial.head_end.close_all()
    assert not declared_keys_work(lab)
    assert restored(lab) == ExitCode.NOTHING_OPEN
    assert (
        "undone: keys of 0.0.43.0.0.255 (changed by TR-Conf.02c-P01@wan as management-secured)"
        in capsys.readouterr().out
    )
    assert declared_keys_work(lab)
    assert list((lab.folder / "runs").glob("*-restore/trace.jsonl"))
    assert restored(lab) == ExitCode.NOTHING_OPEN
    assert "nothing to undo" in capsys.readouterr().out


def test_the_command_says_what_stays_open_until_it_is_told_to_forget_it(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    leave_a_policy_open(lab)
    assert restored(lab) == ExitCode.OPEN
    assert "not undone: method 1 of 0.0.43.0.0.255" in capsys.readouterr().out
    assert restored(lab, forget=True) == ExitCode.NOTHING_OPEN
    assert lab.journal.open_changes() == ()


def test_a_device_of_the_run_itself_has_nothing_to_restore() -> None:
    settings = RestoreSettings(device=ROOT / "devices" / "reference.toml", out=Path("runs"))
    with pytest.raises(UsageError, match="lives no longer than a run"):
        restore(settings, print)


def restored(lab: Lab, *, forget: bool = False) -> ExitCode:
    return restore(RestoreSettings(device=lab.file, out=lab.folder / "runs", forget=forget), print)
