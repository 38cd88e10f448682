"""What families of wrong diagnostics have in common: they change the octets of answers that refuse something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reference_meter.codec.octets import Malformed
from reference_meter.codec.request import Request
from reference_meter.codec.request_decoder import decode_request
from reference_meter.deviations.family import wrap
from reference_meter.meter import Meter
from reference_meter.server.association import Association
from reference_meter.server.hdlc_link import HdlcLink

__all__ = ["Refusal", "change_refusals_of", "is_over_hdlc", "readable", "refusal_in", "tell_hdlc"]

GET, SET, ACTION = "get", "set", "action"
_GET_RESPONSE, _SET_RESPONSE, _ACTION_RESPONSE = 0xC4, 0xC5, 0xC7
_NORMAL, _WITH_BLOCK, _LAST_BLOCK = 1, 2, 3
_BLOCK_CHOICE, _BLOCK_RESULT = 8, 9
_RESULT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One result in an answer that is no success."""

    service: str
    result: int
    at: int
    """Where it stands in the answer."""
    in_blocks: bool = False

    def replaced(self, answer: bytes, result: int) -> bytes:
        """The same answer with another result."""
        return answer[: self.at] + bytes([result]) + answer[self.at + 1 :]


def refusal_in(answer: bytes) -> Refusal | None:
    """Find the result of an answer to a single request; None where it is a success or has none."""
    kind = tuple(answer[:2])
    if kind == (_GET_RESPONSE, _NORMAL) and answer[_RESULT] == 1:
        return Refusal(service=GET, result=answer[_RESULT + 1], at=_RESULT + 1)
    if kind == (_GET_RESPONSE, _WITH_BLOCK) and answer[_BLOCK_CHOICE] == 1:
        return Refusal(service=GET, result=answer[_BLOCK_RESULT], at=_BLOCK_RESULT, in_blocks=True)
    if kind[:1] == (_SET_RESPONSE,) and kind[1] in (_NORMAL, _LAST_BLOCK) and answer[_RESULT] != 0:
        return Refusal(service=SET, result=answer[_RESULT], at=_RESULT, in_blocks=kind[1] == _LAST_BLOCK)
    if kind == (_ACTION_RESPONSE, _NORMAL) and answer[_RESULT] != 0:
        return Refusal(service=ACTION, result=answer[_RESULT], at=_RESULT)
    return None


def change_refusals_of(meter: Meter, change: Callable[[Association, Refusal, bytes], bytes | None]) -> None:
    """Give clients what ``change`` makes of each refusing answer, None being silence; it has fired where it differs."""

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        given = original(association, apdu)
        refusal = refusal_in(given) if isinstance(given, bytes) and len(given) > _RESULT else None
        if refusal is None:
            return given
        changed = change(association, refusal, given)
        if changed != given:
            meter.fire()
        return changed

    wrap(meter.server.services, "answer", answer)


def is_over_hdlc(meter: Meter, association: Association) -> bool:
    """Whether the association came over an HDLC link."""
    return isinstance(meter.server.links.get(association.key.link_id), HdlcLink)


def tell_hdlc(meter: Meter) -> Callable[[], bool]:
    """Return what tells whether the request under way came over HDLC."""
    over_hdlc = [False]

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        over_hdlc[0] = is_over_hdlc(meter, association)
        return original(association, apdu)

    wrap(meter.server.services, "answer", answer)
    return lambda: over_hdlc[0]


def readable(apdu: bytes) -> Request | None:
    """The request in these octets, None where they are none."""
    try:
        return decode_request(apdu)
    except Malformed:
        return None
