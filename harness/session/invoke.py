"""Which answer belongs to which request: invoke-ids, short ones and the long ones of ACCESS."""

from typing import Final

from harness.protocol import acse
from harness.protocol import apdu as xdlms

__all__ = ["invoke_of_answer", "invoke_of_request", "invoke_text", "may_answer"]

_SHORT: Final = 0xF
_IS_LONG: Final = 1 << 24
"""Tells a long invoke-id from a short one of the same number."""
_OF_ASSOCIATIONS: Final = (acse.Aare, acse.Rlre)


def invoke_of_request(apdu: bytes, invoke: int) -> int:
    """Return the invoke-id of a request whose invoke octet, or four octets, are ``invoke``."""
    if apdu[:1] == bytes((xdlms.ACCESS_REQUEST_TAG,)):
        return _IS_LONG | invoke & xdlms.LONG_INVOKE_ID
    return invoke & _SHORT


def invoke_of_answer(answer: xdlms.Answer) -> int | None:
    """Return the invoke-id of an answer, or None where its kind carries none."""
    if isinstance(answer, xdlms.AccessResponse):
        return _IS_LONG | answer.long_invoke & xdlms.LONG_INVOKE_ID
    invoke: int | None = getattr(answer, "invoke", None)
    return None if invoke is None else invoke & _SHORT


def may_answer(answer: xdlms.Answer, asked: int) -> bool:
    """Whether it can be the answer to a request with this invoke-id; errors carry none."""
    if isinstance(answer, _OF_ASSOCIATIONS):
        return False
    return invoke_of_answer(answer) in (None, asked)


def invoke_text(invoke: int | None) -> str:
    """Return ``invoke-id 3`` or ``long invoke-id 3``."""
    if invoke is None:
        return "no invoke-id"
    return f"long invoke-id {invoke & xdlms.LONG_INVOKE_ID}" if invoke & _IS_LONG else f"invoke-id {invoke}"
