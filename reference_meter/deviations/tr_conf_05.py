"""TR-Conf.05: answers that belong to their requests, and associations that grant what was proposed."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.codec.conformance import GENERAL_BLOCK_TRANSFER, mask
from reference_meter.codec.initiate import InitiateRequest
from reference_meter.codec.request import GET_REQUEST, GetList, GetNext, GetNormal, Request
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.server.association import SessionKey
from reference_meter.server.associations import Negotiated
from reference_meter.server.model_port import ClientProfile

__all__ = ["FAMILIES"]

_INVOKE_ID = 0x0F
_REGISTER = 3


@deviation(
    "invoke-id-not-echoed",
    "TR-Conf.05a",
    about="The answers to one kind of request carry another invoke-id than the request.",
)
def invoke_id_not_echoed(meter: Meter, rng: Random) -> None:
    """Draw the kind of request and how far the invoke-id is off."""
    strange = rng.choice(("list", "next", "register"))
    off = rng.randint(1, 15)

    def invoke_id_of(original: Callable[[Request], int], request: Request) -> int:
        invoke = original(request)
        if _kind_of(request) != strange:
            return invoke
        meter.fire()
        return invoke & ~_INVOKE_ID | (invoke + off) & _INVOKE_ID

    wrap(meter.server.services, "invoke_id_of", invoke_id_of)


def _kind_of(request: Request) -> str | None:
    match request:
        case GetList():
            return "list"
        case GetNext():
            return "next"
        case GetNormal() if request.attribute.class_id == _REGISTER:
            return "register"
        case _:
            return None


@deviation("answers-two-times", "TR-Conf.05a", about="A request for one of the registers is answered two times.")
def answers_two_times(meter: Meter, rng: Random) -> None:
    """Draw the register."""
    codes = meter.configuration.instances
    register = rng.choice((codes.energy_import_total, codes.energy_export_total, codes.power_import))

    def answer(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        answers = original(key, apdu)
        if not answers or apdu[:2] != bytes([GET_REQUEST, 1]) or register not in apdu:
            return answers
        meter.fire()
        return [*answers, answers[-1]]

    wrap(meter.server, "answer", answer)


@deviation(
    "conformance-not-subset",
    "TR-Conf.05a",
    about="The conformance that the meter grants has a service that the client did not propose.",
)
def conformance_not_subset(meter: Meter, rng: Random) -> None:
    """Draw the service; none that would change how long answers travel."""
    order = [mask(bit) for bit in range(24) if mask(bit) != GENERAL_BLOCK_TRANSFER]
    rng.shuffle(order)

    def negotiate(
        original: Callable[[ClientProfile, InitiateRequest], Negotiated],
        profile: ClientProfile,
        proposal: InitiateRequest,
    ) -> Negotiated:
        negotiated = original(profile, proposal)
        added = next((bit for bit in order if not proposal.conformance & bit), 0)
        if not added or not negotiated.conformance:
            return negotiated
        meter.fire()
        return replace(negotiated, conformance=negotiated.conformance | added)

    wrap(meter.server.associations, "negotiate", negotiate)


FAMILIES = (invoke_id_not_echoed, answers_two_times, conformance_not_subset)
