"""Commands and damaged frames over M-Bus."""

from collections.abc import Callable, Mapping
from functools import partial

from pytest_bdd import given, parsers, then, when

from harness.checks.mbus import error_is_told
from harness.errors import DeviceError, Inconclusive, NotApplicable
from harness.headend.mbus import Reading
from harness.headend.mbus.provoking import (
    damage_of_answers,
    damaged_request,
    foreign_request,
    is_whole,
    select_and_read,
    select_another,
    told_after,
)
from harness.headend.mbus.search import search
from harness.headend.mbus.stimuli import COMMANDS, ERRONEOUS, UNCHANGING, register_writes, write_record
from harness.headend.mbus.told import Told
from harness.run.trial import Trial
from steps.mbus.reading import master_of, unmoved

_ALL_SLAVES = 255
_SELECTED = 253
_DUE_OF_ALL = "a reset of the link"
"""What every slave acknowledges."""
_MAY_BE_HEARD = ("noise in front", "noise behind")
"""A slave may find the good frame in it."""
_CANDIDATES = range(249, 0, -1)


@then(parsers.parse("no register moves over {act}"))
def unmoved_by_act(trial: Trial, reading: Reading, act: str) -> None:
    master = master_of(trial)

    def tried() -> None:
        do = partial(UNCHANGING[act], master)
        if act == _DUE_OF_ALL:
            master.judge.judged(act, do, do, lambda: master.last_record)
        else:
            _try(trial, do)

    unmoved(trial, reading, tried, act)


@then(parsers.parse("no register moves when each is written with octets of {filler}"))
def unmoved_by_write(trial: Trial, reading: Reading, filler: str) -> None:
    def written() -> None:
        for record in register_writes(reading, int(filler, 16)):
            _try(trial, partial(write_record, master_of(trial), record))

    unmoved(trial, reading, written, "a write of the registers")


@then(parsers.parse("no register moves with the vendor command {name}"))
def unmoved_by_command(trial: Trial, reading: Reading, name: str) -> None:
    master = master_of(trial)

    def sent() -> None:
        master.reset_link()
        _try(trial, lambda: master.command(COMMANDS[name]))

    unmoved(trial, reading, sent, f"the vendor command {name}")


def _try(trial: Trial, act: Callable[[], None]) -> None:
    """Do what may be refused in any way, silence included."""
    try:
        act()
    except DeviceError:
        master_of(trial).close_all()


@when(parsers.parse("a command is sent that ends in {condition}"), target_fixture="told")
def erroneous_command(trial: Trial, condition: str) -> Told:
    information, data = ERRONEOUS[condition]
    return _told(trial, information, data, condition)


@when("a register is written", target_fixture="told")
def register_is_written(trial: Trial, reading: Reading) -> Told:
    record = reading.register_records[0]
    return _told(trial, 0x51, record.header + bytes(len(record.raw)), "denied_write")


def _told(trial: Trial, information: int, data: bytes, about: str) -> Told:
    master = master_of(trial)

    def asked() -> Told:
        return told_after(master, information, data, about)

    return master.judge.judged(f"a command that ends in {about}", asked, asked, lambda: master.last_record)


@then(parsers.parse("the next answer tells of {condition}"))
def told_of(trial: Trial, told: Told, condition: str) -> None:
    settings = master_of(trial).settings
    ways = ("telegram", "status") if settings.errors == "either" else (settings.errors,)
    codes: Mapping[str, tuple[int, ...]] = {str(name): found for name, found in settings.codes.items()}
    trial.judge(error_is_told(str(told), told.by, told.code, codes[condition], ways), master_of(trial).last_record)


@then("the reading after it is as good as any")
def good_reading_after(trial: Trial) -> None:
    master = master_of(trial)
    found = master.judge.judged("a reading after an error", master.read_on, master.read, lambda: master.last_record)
    if found.tells_an_error:
        raise trial.fail(expected="no error in the status any more", observed=f"status {found.status:#04x}")


@then(parsers.parse("a request with {damage} is not answered and the next good one is"))
def damaged_unanswered(trial: Trial, damage: str) -> None:
    master = master_of(trial)
    heard = damage in _MAY_BE_HEARD
    stays_silent(trial, f"a request with {damage}", lambda: damaged_request(master, damage), may_be_heard=heard)


def stays_silent(trial: Trial, about: str, send: Callable[[], bytes], *, may_be_heard: bool = False) -> None:
    """Send what is not to be answered; a slave that then answers a good request no more is judged for both."""
    master = master_of(trial)

    def tried() -> bytes:
        master.reset_link()
        came = send()
        if may_be_heard and is_whole(came):
            came = b""
        if not came:
            master.read()
        return came

    came = master.judge.judged(f"{about} and a reading after it", tried, tried, lambda: master.last_record)
    if came:
        raise trial.fail(expected=f"no answer to {about}", observed=came.hex(" "))


@then(parsers.parse("a request to {whom} is not answered and the next good one is"))
def foreign_unanswered(trial: Trial, whom: str) -> None:
    master = master_of(trial)
    settings = master.settings
    if whom == "an address that nobody has":
        address = next(one for one in _CANDIDATES if one not in (settings.primary, *settings.others))
    else:
        address = _ALL_SLAVES
    stays_silent(trial, f"a request to address {address}", lambda: foreign_request(master, address))


@given("the slave has a secondary address")
def has_secondary(trial: Trial) -> None:
    if master_of(trial).settings.identification is None:
        raise NotApplicable("no identification number is declared", item="doors.mbus.identification")


@then(parsers.parse("a selection with {how} finds it"))
def selection_finds(trial: Trial, how: str) -> None:
    master = master_of(trial)
    if how.startswith("half") and master.settings.others:
        raise NotApplicable("other slaves may fit too", item="doors.mbus.others")

    def found() -> None:
        select_and_read(master, how)

    master.judge.judged(f"a selection with {how}", found, found, lambda: master.last_record)


@then("a search finds it")
def search_finds(trial: Trial) -> None:
    master = master_of(trial)
    found: list[str] = []
    for one in search(master):
        if one.matches(master.secondary) or master.secondary.matches(one):
            return
        found.append(str(one))
    raise trial.fail(expected=f"a search to find {master.secondary}", observed=", ".join(found) or "nobody")


@then(parsers.parse("a selection of another {part} does not find it"))
def selection_of_another(trial: Trial, part: str) -> None:
    came = select_another(master_of(trial), part)
    if came is None:
        raise NotApplicable(f"no {part} is declared", item=f"doors.mbus.{part}")
    if came:
        raise trial.fail(expected="no answer to the selection of another slave", observed=came.hex(" "))


@then("once another slave was selected it does not answer to the address of selected ones")
def deselected_by_another(trial: Trial) -> None:
    master = master_of(trial)

    def tried() -> bytes:
        select_and_read(master, "its whole secondary address")
        if select_another(master, "identification number"):
            raise Inconclusive("the selection of another slave was answered", missing="device")
        return foreign_request(master, _SELECTED)

    came = master.judge.judged("a selection of another slave", tried, tried, lambda: master.last_record)
    if came:
        raise trial.fail(expected="no answer to the address of selected slaves", observed=came.hex(" "))


@then("all answers are whole frames")
def whole_frames(trial: Trial) -> None:
    master = master_of(trial)
    damage = damage_of_answers(master, 3)
    if damage:
        raise trial.fail(expected="whole frames with right checksum, lengths and stop", observed=damage)
