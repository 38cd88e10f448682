"""What a gateway does wrong with requests and answers on their way through it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from reference_meter.codec.octets import Malformed
from reference_meter.deviations.family import Deviation, deviation, wrap
from reference_meter.gateway import prefix
from reference_meter.gateway.child import Child
from reference_meter.gateway.deviations.recording import LISTED, NOTED, gateway_of
from reference_meter.gateway.line import CHECK_OCTETS, DeviceLine, Heard
from reference_meter.meter import Meter

__all__ = ["FAMILIES"]

_REACHED, _ANSWERED, _UNIFORM = "SU3.step1", "SU3.step2", "TR-Conf.04a"
_REFUSAL = bytes.fromhex("C401")
_ERROR = 1
_GET_TIME = bytes.fromhex("0008 0000010000FF 02")


def _is_refusal(apdu: bytes) -> bool:
    """Whether an answer is a data-access-result in answer to a GET."""
    return apdu[:2] == _REFUSAL and apdu[3:4] == bytes([_ERROR])


@deviation("gateway-mixes-devices-up", _REACHED, LISTED, about="Requests for one device go to another one.")
def mixes_up(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    wrong, instead = random.sample(gateway.children, 2)

    def child_at(original: Callable[[int, bytes], Child | None], network: int, address: bytes) -> Child | None:
        found = original(network, address)
        if found is not wrong:
            return found
        gateway.fire()
        return instead

    wrap(gateway.server, "child_at", child_at)


@deviation("gateway-serves-addresses-of-nobody", _REACHED, LISTED, about="Requests for nobody go to a device.")
def serves_nobody(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    instead = random.choice(gateway.children)

    def child_at(original: Callable[[int, bytes], Child | None], network: int, address: bytes) -> Child | None:
        found = original(network, address)
        if found is None:
            gateway.fire()
        return found or instead

    wrap(gateway.server, "child_at", child_at)


@deviation("gateway-passes-answers-for-nobody-on", _REACHED, about="For nobody a device answers, under its address.")
def passes_for_nobody(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    instead = random.choice(gateway.children)

    def exchange(original: Callable[..., list[bytes]], key: Any, apdu: bytes) -> list[bytes]:
        try:
            asked = prefix.decode(apdu)
        except Malformed:
            return original(key, apdu)
        if gateway.server.child_at(asked.network, asked.address) is not None:
            return original(key, apdu)
        gateway.fire()
        own = replace(asked, network=instead.settings.network, address=instead.settings.address)
        return original(key, prefix.encode(own))

    wrap(gateway.server, "exchange", exchange)


@deviation("gateway-passes-damaged-answers-on", _ANSWERED, LISTED, about="Damaged answers are taken for good ones.")
def passes_damaged(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def around(line: DeviceLine) -> Callable[[Callable[[bytes], Heard], bytes], Heard]:
        def heard(original: Callable[[bytes], Heard], frame: bytes) -> Heard:
            found = original(frame)
            if found.trouble != "damaged":
                return found
            gateway.fire()
            return Heard(envelope=prefix.decode(line.unsealed(frame[:-CHECK_OCTETS])), in_time=found.in_time)

        return heard

    for child in gateway.children:
        wrap(child, "heard", around(child.line))


@deviation("gateway-takes-foreign-answers", _ANSWERED, LISTED, about="Answers of a foreign device pass for its.")
def takes_foreign(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def trouble_of(original: Callable[..., str | None], child: Child, heard: Sequence[Heard]) -> str | None:
        found = original(child, heard)
        if found != "device_foreign":
            return found
        gateway.fire()
        return None

    wrap(gateway.server, "trouble_of", trouble_of)


@deviation("gateway-takes-answers-twice", _ANSWERED, NOTED, about="An answer that was given before passes for new.")
def takes_twice(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def around(line: DeviceLine) -> Callable[[Callable[[bytes], Heard], bytes], Heard]:
        def heard(original: Callable[[bytes], Heard], frame: bytes) -> Heard:
            found = original(frame)
            if found.trouble != "replayed":
                return found
            try:
                envelope = prefix.decode(line.unsealed(frame[:-CHECK_OCTETS]))
            except Malformed:
                return found
            gateway.fire()
            return Heard(envelope=envelope, in_time=found.in_time)

        return heard

    for child in gateway.children:
        wrap(child, "heard", around(child.line))


@deviation("gateway-keeps-values-for-untaken", _ANSWERED, about="For what cannot be taken an old answer is given.")
def keeps_for_untaken(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    trouble = random.choice(("device_undecipherable", "device_damaged"))
    given: dict[tuple[Child, bytes], list[Heard]] = {}

    def around(child: Child) -> Callable[..., list[Heard]]:
        def ask(original: Callable[..., list[Heard]], key: Any, apdu: bytes, line_now: float) -> list[Heard]:
            heard = original(key, apdu, line_now)
            if gateway.server.trouble_of(child, heard) == trouble and (child, apdu) in given:
                gateway.fire()
                return given[child, apdu]
            given[child, apdu] = heard
            return heard

        return ask

    for child in gateway.children:
        wrap(child, "ask", around(child))


@deviation("gateway-gives-old-answers", _ANSWERED, about="For a device out of reach its last answer is given.")
def gives_old(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)
    given: dict[tuple[Child, bytes], list[bytes]] = {}

    def pass_on(original: Callable[..., list[bytes]], child: Child, key: Any, apdu: bytes, asked: Any) -> list[bytes]:
        if not child.reachable and (child, apdu) in given:
            gateway.fire()
            return given[child, apdu]
        answers = original(child, key, apdu, asked)
        if answers:
            given[child, apdu] = answers
        return answers

    wrap(gateway.server, "pass_on", pass_on)


@deviation("gateway-answers-from-memory", _ANSWERED, about="A value is given from memory while the device has another.")
def answers_from_memory(meter: Meter, random: Random) -> None:
    gateway, child = gateway_of(meter), random.choice(gateway_of(meter).children[::2])
    wanted, given = _GET_TIME, dict[bytes, list[bytes]]()

    def pass_on(original: Callable[..., list[bytes]], asked: Child, key: Any, apdu: bytes, way: Any) -> list[bytes]:
        answers = original(asked, key, apdu, way)
        if asked is not child or wanted not in apdu or not answers:
            return answers
        if given.setdefault(wanted, answers) != answers:
            gateway.fire()
        return given[wanted]

    wrap(gateway.server, "pass_on", pass_on)


@deviation("gateway-changes-errors", _UNIFORM, about="Errors of devices come as another error.")
def changes_errors(meter: Meter, random: Random) -> None:
    gateway, other = gateway_of(meter), random.choice((3, 11, 250))

    def enclosed(original: Callable[[bytes, Any], bytes], apdu: bytes, asked: Any) -> bytes:
        if _is_refusal(apdu):
            gateway.fire()
            apdu = apdu[:-1] + bytes([other])
        return original(apdu, asked)

    wrap(gateway.server, "enclosed", enclosed)


@deviation("device-refusal-unrecorded", LISTED, about="A request that a device refuses leaves no record.")
def refusal_unrecorded(meter: Meter, random: Random) -> None:
    gateway = gateway_of(meter)

    def record(original: Callable[..., None], child: Child, key: Any, apdu: bytes, answers: Sequence[bytes]) -> None:
        if _is_refusal(answers[0]):
            gateway.fire()
        else:
            original(child, key, apdu, answers)

    wrap(gateway.server, "record_interaction", record)


FAMILIES: tuple[Deviation, ...] = (
    mixes_up,
    serves_nobody,
    passes_for_nobody,
    passes_damaged,
    takes_foreign,
    takes_twice,
    keeps_for_untaken,
    gives_old,
    answers_from_memory,
    changes_errors,
    refusal_unrecorded,
)
