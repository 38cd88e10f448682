"""Commands of programming mode at the local port: refused, damaged, with and without the password."""

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.checks.optical import answered_as_declared
from harness.declaration.door_iec62056_21 import OpticalCondition, OpticalParameter
from harness.errors import Inconclusive, Refused
from harness.headend.optical import OpticalPort, Readout, Told, password_like
from harness.headend.optical.stimuli import damaged_command, heard_after_sign_on, sign_on_after_noise
from harness.run.trial import Trial
from steps.optical.reading import counting, judge_unmoved, port_of

_UNKNOWN = "99.99.99"
_A_COMMAND = "a command with "
_NO_PASSWORD = b"00000000"
_NOBODY_ANSWERS = ("another address", "an address without end", "another first character", "a break instead")
"""Spoilt sign-ons that no reading of the standard lets a device answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A command that cannot be carried out, and its answer."""

    condition: OpticalCondition
    what: str
    told: Told


def parameter_of(trial: Trial) -> OpticalParameter:
    """Return the declared parameter of the port."""
    port_of(trial).require_programming()
    declared = port_of(trial).settings.parameter
    if declared is None:
        raise Inconclusive("the declaration has no doors.iec62056_21.parameter", missing="declaration")
    return declared


def judge_answer(trial: Trial, answered: Answered) -> None:
    """Judge an answer against those that are declared or usual for its condition."""
    accepted = port_of(trial).settings.answers(answered.condition)
    judged = answered_as_declared(
        answered.told.name, accepted, fits=answered.told.is_one_of(accepted), what=answered.what
    )
    trial.judge(judged, answered.told.frame or None)


def _first_register(trial: Trial) -> str:
    return next(iter(counting(trial).values()))


@given("programming mode without the password")
def in_programming_mode(trial: Trial) -> None:
    with trial.basis():
        port_of(trial).enter()


@given("programming mode with the password")
def in_unlocked_programming_mode(trial: Trial) -> None:
    with trial.basis():
        port_of(trial).unlock()


@then(parsers.parse("no register moves when each is written by {command} with {value}"))
def no_register_moves(trial: Trial, readout: Readout, command: str, value: str) -> None:
    port = port_of(trial)
    began = trial.elapsed_s()
    for address in counting(trial).values():
        port.unlock()
        shown = readout.find(address)
        digits = shown.value if shown is not None else "0"
        written = "".join(value if one.isdigit() else one for one in digits)
        told = port.command(command, f"{address}({written})")
        if command == port.settings.write_command:
            judge_answer(trial, Answered(condition="denied_write", what=f"{command} {address}({written})", told=told))
        elif told.name == "ack":
            raise trial.fail(expected=f"{command} {address}({written}) to be refused", observed="ack", frame=told.frame)
    judge_unmoved(trial, readout, began, f"writes by {command}")


@when(parsers.parse("the hand-held unit provokes {condition} by {stimulus}"), target_fixture="answered")
def provokes(trial: Trial, condition: OpticalCondition, stimulus: str) -> Answered:
    port = port_of(trial)
    port.unlock() if "write" in stimulus else port.enter()
    told = _stimulate(trial, port, stimulus)
    return Answered(condition=condition, what=stimulus, told=told)


def _stimulate(trial: Trial, port: OpticalPort, stimulus: str) -> Told:
    settings = port.settings
    match stimulus:
        case "a read of an unknown address":
            return port.command(settings.read_command, f"{_UNKNOWN}()")
        case "a write to an unknown address":
            return port.command(settings.write_command, f"{_UNKNOWN}(0)")
        case "a write to a register":
            return port.command(settings.write_command, f"{_first_register(trial)}(0)")
        case "a write of a wrong value":
            parameter = parameter_of(trial)
            if parameter.wrong is None:
                raise Inconclusive("the declaration has no doors.iec62056_21.parameter.wrong", missing="declaration")
            return port.command(settings.write_command, f"{parameter.address}({parameter.wrong})")
        case "an unknown type of command":
            return port.command("R9", f"{_first_register(trial)}()")
        case "a command without brackets":
            return port.command(settings.read_command, _first_register(trial))
        case _:
            raise ValueError(f"unknown stimulus {stimulus!r}")


@then("it is answered as the condition is due")
def answered_as_due(trial: Trial, answered: Answered) -> None:
    judge_answer(trial, answered)


@then("the next good command of the dialogue is answered")
def next_command_answered(trial: Trial) -> None:
    read_register(trial)


def read_register(trial: Trial) -> None:
    """Read a register in the dialogue under way, or in a new one where the device has ended it."""
    port = port_of(trial)
    if port.dialogue.state.name != "PROGRAMMING":
        port.enter()
    try:
        port.read(_first_register(trial))
    except Refused as refused:
        raise trial.fail(
            expected=f"a value of {_first_register(trial)}", observed=refused.answer, frame=port.last_record
        ) from refused


@then("the same condition met by a write is described alike")
def described_alike(trial: Trial, answered: Answered) -> None:
    port = port_of(trial)
    port.unlock()
    other = _stimulate(trial, port, "a write to an unknown address")
    if other.name != answered.told.name:
        raise trial.fail(
            expected=f"{answered.told.name}, as for {answered.what}", observed=other.name, frame=other.frame or None
        )


@when(parsers.parse("a command is sent with {how}"), target_fixture="answered")
def damaged(trial: Trial, how: str) -> Answered:
    told = damaged_command(port_of(trial), how, _first_register(trial))
    return Answered(condition="damaged", what=f"{_A_COMMAND}{how}", told=told)


@then("it is not carried out")
def not_carried_out(trial: Trial, answered: Answered) -> None:
    accepted = port_of(trial).settings.answers("damaged")
    if not answered.told.is_one_of(accepted):
        raise trial.fail(
            expected=f"{answered.what} to be answered with {' or '.join(accepted)}",
            observed=f"{answered.told.name} {answered.told.text}".rstrip(),
            frame=answered.told.frame or None,
        )


@when(parsers.parse("somebody signs on with {how}"), target_fixture="heard")
def signs_on_wrongly(trial: Trial, how: str) -> tuple[str, bytes]:
    return how, heard_after_sign_on(port_of(trial), how)


@then("no identification comes where none is due")
def no_identification(trial: Trial, heard: tuple[str, bytes]) -> None:
    how, octets = heard
    if how in _NOBODY_ANSWERS and b"/" in octets:
        raise trial.fail(
            expected=f"no identification after a sign-on with {how}", observed=octets.decode("ascii", "replace")
        )


@then(parsers.parse("a sign-on behind {noise} is answered"))
def signs_on_after_noise(trial: Trial, noise: str) -> None:
    port = port_of(trial)

    def attempt() -> None:
        sign_on_after_noise(port, noise)

    port.judge.judged(f"a sign-on behind {noise}", attempt, attempt, lambda: port.last_record)


@then("an answer comes again when it is asked for")
def answer_comes_again(trial: Trial) -> None:
    port = port_of(trial)
    port.read(_first_register(trial))
    again = port.octets(b"\x15", "request to repeat")
    if again.name != "data":
        raise trial.fail(expected="the data message again", observed=again.name, frame=again.frame or None)


def _left_alone(trial: Trial) -> None:
    port = port_of(trial)
    with trial.basis():
        port.enter()
    port.abandon()


@when("a dialogue is left alone until the inactivity time-out has passed")
def left_alone(trial: Trial) -> None:
    _left_alone(trial)


@then("the next sign-on is answered")
def next_sign_on(trial: Trial) -> None:
    port = port_of(trial)

    def again() -> None:
        _left_alone(trial)
        port.sign_on()

    port.judge.judged("a sign-on after the time-out", port.sign_on, again, lambda: port.last_record)


@then("the parameter cannot be written")
def parameter_not_written(trial: Trial) -> None:
    port, parameter = port_of(trial), parameter_of(trial)
    before, other = _value_and_other(trial, parameter)
    told = port.write(parameter.address, other)
    judge_answer(trial, Answered(condition="unauthorised_write", what=f"a write of {parameter.address}", told=told))
    _judge_unchanged(trial, parameter, before)


def _value_and_other(trial: Trial, parameter: OpticalParameter) -> tuple[str, str]:
    """Read the parameter in the dialogue under way: what it is, and another allowed value."""
    with trial.basis():
        before = port_of(trial).read(parameter.address).value
    return before, next(value for value in parameter.values if value != before)


def _judge_unchanged(trial: Trial, parameter: OpticalParameter, before: str) -> None:
    port = port_of(trial)
    port.enter()
    now = port.read(parameter.address).value
    if now != before:
        raise trial.fail(expected=f"{parameter.address} to stay at {before}", observed=now, frame=port.last_record)


@then("a wrong password opens nothing")
def wrong_password(trial: Trial) -> None:
    port, parameter = port_of(trial), parameter_of(trial)
    before, other = _value_and_other(trial, parameter)
    declared = port.settings.secret
    told = port.show((_NO_PASSWORD if declared is None else password_like(declared.reveal())).decode("ascii"))
    judge_answer(trial, Answered(condition="wrong_secret", what="a wrong password", told=told))
    if port.dialogue.state.name == "PROGRAMMING":
        after = port.write(parameter.address, other)
        judge_answer(trial, Answered(condition="unauthorised_write", what="a write after it", told=after))
    _judge_unchanged(trial, parameter, before)


@then("the declared password opens programming mode and the parameter takes the value that it has")
def declared_password_opens(trial: Trial) -> None:
    port, parameter = port_of(trial), parameter_of(trial)
    try:
        port.unlock()
    except Refused as refused:
        raise trial.fail(
            expected="the declared password to be acknowledged", observed=refused.answer, frame=port.last_record
        ) from refused
    with trial.basis():
        value = port.read(parameter.address).value
    told = port.write(parameter.address, value)
    if told.name != "ack":
        raise trial.fail(
            expected=f"{parameter.address}({value}) to be acknowledged", observed=told.name, frame=told.frame or None
        )


@then("the port has not fallen silent for good")
def not_silent_for_good(trial: Trial, answered: Answered) -> None:
    """Whether a device minds the parity is its own affair; the good exchange after the scenario says that it lives."""
    port = port_of(trial)

    def again() -> None:
        port.enter()
        damaged_command(port, answered.what.removeprefix(_A_COMMAND), _first_register(trial))
        port.sign_on()

    port.judge.judged(f"a sign-on after {answered.what}", port.sign_on, again, lambda: port.last_record)
