"""Telegrams as they come: form, cadence, contents, and what nobody may change by sending something."""

from collections.abc import Sequence
from math import ceil

from pytest_bdd import given, parsers, then, when

from harness.checks.consumer import all_well_formed, keeps_period, tells_only
from harness.declaration.door_p1 import LongerList
from harness.errors import ConnectionLost, DecodeError, Inconclusive, Silent
from harness.headend.consumer import Address, Arrival, ConsumerPort, Heard, Told
from harness.headend.judged import DeviceLost
from harness.run.trial import Trial

_TELEGRAMS = 12
_FEWEST = 4
_TRIES = 4
_SHOUTS = {
    "a request for a readout": b"/?!\r\n",
    "a sign-on with acknowledgement": b"/?!\r\n\x06050\r\n",
    "a write command": b"\x01W1\x021.8.0(00000000)\x03\x46",
    "a link set-up": bytes.fromhex("7EA00A00020023219318717E"),
    "an association request": bytes.fromhex("0001001000010000"),
    "a telegram of its own": b"/XXX5X\r\n\r\n1-0:1.8.1(000000.000*kWh)\r\n!0000\r\n",
    "noise": bytes(range(256)),
    "a long row of zeros": bytes(2000),
}


def port_of(trial: Trial) -> ConsumerPort:
    """Return the consumer's device at the scenario's door."""
    return trial.side(ConsumerPort)


def listen(trial: Trial, count: int = 1, *, shout: bytes = b"", about: str = "") -> Heard:
    """Hear telegrams; a port that is silent while the meter lives is a finding, once it has been heard."""
    port = port_of(trial)
    try:
        return port.hear(count, shout=shout, about=about)
    except (Silent, ConnectionLost) as silence:
        if port.hint and not port.door.is_virtual:
            raise Inconclusive(f"{silence}{port.hint}", missing="device") from silence
        if not _lives(trial, port):
            down = trial.head_end.last_failure or port.last_failure
            raise DeviceLost(f"the device is down: {down}", missing="device") from silence
        raise trial.fail(
            expected=f"a telegram every {port.settings.period_s:g} s", observed=str(silence), frame=port.last_record
        ) from silence


def _lives(trial: Trial, port: ConsumerPort) -> bool:
    """Whether the meter lives: by its door for DLMS, or by telegrams at last where it has no other door."""
    try:
        return trial.head_end.answers()
    except Inconclusive:
        return any(port.answers() for _ in range(_TRIES))


def newest(trial: Trial) -> tuple[Told, int]:
    """Hear a telegram that tells of now, with the number of its frame; one that is wrong is no basis.

    The first one may tell what was so before, up to the declared age of values.
    """
    settings = port_of(trial).settings
    heard = listen(trial, 1 + ceil(settings.oldest_s / settings.period_s))
    with trial.basis():
        return heard.last.telegram(), heard.last.frame


def judge_form(trial: Trial, heard: Heard) -> None:
    """All telegrams are as they have to be."""
    arrivals = heard.arrivals
    errors = [arrival.error for arrival in arrivals]
    wrong = next((one.frame for one, error in zip(arrivals, errors, strict=True) if error), heard.frame)
    judged = all_well_formed(
        errors, unspoilt=[one.unspoilt for one in arrivals], line_errs=not port_of(trial).door.is_virtual
    )
    trial.judge(judged, wrong)


@given("telegrams are heard", target_fixture="heard")
@when("telegrams are heard", target_fixture="heard")
def telegrams_heard(trial: Trial) -> Heard:
    return listen(trial, _TELEGRAMS)


@then("each telegram is well-formed and its checksum is right")
def well_formed(trial: Trial, heard: Heard) -> None:
    judge_form(trial, heard)


@then("nothing comes between the telegrams")
def nothing_between(trial: Trial, heard: Heard) -> None:
    if heard.stray and any(arrival.error for arrival in heard.arrivals) and not port_of(trial).door.is_virtual:
        raise Inconclusive(f"{len(heard.stray)} octets came that belong to no telegram", missing="line")
    if heard.stray:
        raise trial.fail(
            expected="nothing but telegrams", observed=f"{len(heard.stray)} octets between them", frame=heard.frame
        )


@then("they come at the declared pace")
def at_declared_pace(trial: Trial, heard: Heard) -> None:
    settings = port_of(trial).settings
    begins = [arrival.began for arrival in heard.arrivals if longer_list_of(trial, arrival) is None]
    if len(begins) < _FEWEST:
        raise Inconclusive("most telegrams were of longer lists", missing="device")
    judge_pace(trial, begins, settings.period_s, heard.frame)


def judge_pace(trial: Trial, begins: Sequence[float], period_s: float, frame: int) -> None:
    """Telegrams of one list come at its pace."""
    port = port_of(trial)
    uncertainty_s = 0.0 if port.door.is_virtual else trial.line_uncertainty_s
    trial.judge(keeps_period(begins, period_s, port.settings.tolerance, uncertainty_s=uncertainty_s), frame)


def longer_list_of(trial: Trial, arrival: Arrival) -> LongerList | None:
    """Return the declared longer list that a telegram is of; None where it is of the short one."""
    try:
        told = set(addresses_in(arrival))
    except DecodeError:
        return None
    declared = {*map(str, map(Address.parse, port_of(trial).settings.objects))}
    found = (one for one in port_of(trial).longer if told == {*map(str, map(Address.parse, one.objects))} != declared)
    return next(found, None)


def addresses_in(arrival: Arrival) -> list[str]:
    """Return the addresses that a telegram tells of; raises ``DecodeError``."""
    return [str(address) for address in arrival.telegram().addresses]


@then("each telegram is over before the next one is due")
def over_before_next(trial: Trial, heard: Heard) -> None:
    port = port_of(trial)
    period_s = port.settings.period_s
    for arrival in heard.arrivals[1:]:
        # Where a line lost the end of one, the next one was taken for its rest.
        if arrival.error is not None and not port.door.is_virtual:
            continue
        if arrival.ended - arrival.began > period_s:
            raise trial.fail(
                expected=f"telegrams of at most {period_s:g} s",
                observed=f"one of {arrival.ended - arrival.began:.3f} s",
                frame=arrival.frame,
            )


@then("they tell all that is declared and nothing else")
def tell_what_is_declared(trial: Trial, heard: Heard) -> None:
    settings = port_of(trial).settings
    if not settings.objects:
        raise Inconclusive("the declaration does not say what the door tells (doors.objects)", missing="declaration")
    declared, sometimes = (
        {str(Address.parse(text)) for text in texts} for texts in (settings.objects, settings.sometimes)
    )
    for arrival in heard.arrivals:
        try:
            told = addresses_in(arrival)
        except DecodeError:
            continue
        if longer_list_of(trial, arrival) is not None:
            continue
        trial.judge(tells_only(told, declared, sometimes), arrival.frame)


@then("no key and no password stands in them")
def no_secret(trial: Trial, heard: Heard) -> None:
    octets = b"".join(arrival.layout.plain(arrival.octets) for arrival in heard.arrivals).upper()
    for path, secret in trial.declaration.secrets():
        key = secret.reveal()
        if len(key) >= 8 and (key.upper() in octets or key.hex().upper().encode("ascii") in octets):
            raise trial.fail(expected="no secret in a telegram", observed=f"what {'.'.join(map(str, path))} stands for")


@when(parsers.parse("{what} is sent into the port"), target_fixture="heard")
def sent_into_port(trial: Trial, what: str) -> Heard:
    return listen(trial, _TELEGRAMS, shout=_SHOUTS[what], about=what)
