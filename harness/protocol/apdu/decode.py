"""From octets to messages: the first octet says which."""

from collections.abc import Callable
from typing import Final

from harness.errors import DecodeError
from harness.protocol.acse import AARE_TAG, AARQ_TAG, RLRE_TAG, RLRQ_TAG, Aare, Aarq, Rlre, Rlrq
from harness.protocol.apdu.access import AccessRequest, AccessResponse
from harness.protocol.apdu.action_request import ActionRequest, decode_action_request
from harness.protocol.apdu.action_response import ActionResponse, decode_action_response
from harness.protocol.apdu.block import GeneralBlockTransfer
from harness.protocol.apdu.error import ConfirmedServiceError, ExceptionResponse
from harness.protocol.apdu.get import GetRequest, GetResponse, decode_get_request, decode_get_response
from harness.protocol.apdu.message import size_text
from harness.protocol.apdu.notification import DataNotification, EventNotification
from harness.protocol.apdu.set_request import SetRequest, decode_set_request
from harness.protocol.apdu.set_response import SetResponse, decode_set_response
from harness.protocol.apdu.tags import (
    ACCESS_REQUEST_TAG,
    ACCESS_RESPONSE_TAG,
    ACTION_REQUEST_TAG,
    ACTION_RESPONSE_TAG,
    CONFIRMED_SERVICE_ERROR_TAG,
    DATA_NOTIFICATION_TAG,
    EVENT_NOTIFICATION_TAG,
    EXCEPTION_RESPONSE_TAG,
    GENERAL_BLOCK_TRANSFER_TAG,
    GET_REQUEST_TAG,
    GET_RESPONSE_TAG,
    SET_REQUEST_TAG,
    SET_RESPONSE_TAG,
    tag_name,
)

__all__ = ["Answer", "Request", "decode_answer", "decode_request", "describe_request"]

Request = GetRequest | SetRequest | ActionRequest | AccessRequest | GeneralBlockTransfer | Aarq | Rlrq
Answer = (
    GetResponse
    | SetResponse
    | ActionResponse
    | AccessResponse
    | ExceptionResponse
    | ConfirmedServiceError
    | DataNotification
    | EventNotification
    | GeneralBlockTransfer
    | Aare
    | Rlre
)

_REQUESTS: Final[dict[int, Callable[[bytes], Request]]] = {
    AARQ_TAG: Aarq.from_bytes,
    RLRQ_TAG: Rlrq.from_bytes,
    GET_REQUEST_TAG: decode_get_request,
    SET_REQUEST_TAG: decode_set_request,
    ACTION_REQUEST_TAG: decode_action_request,
    ACCESS_REQUEST_TAG: AccessRequest.from_bytes,
    GENERAL_BLOCK_TRANSFER_TAG: GeneralBlockTransfer.from_bytes,
}
_ANSWERS: Final[dict[int, Callable[[bytes], Answer]]] = {
    CONFIRMED_SERVICE_ERROR_TAG: ConfirmedServiceError.from_bytes,
    DATA_NOTIFICATION_TAG: DataNotification.from_bytes,
    AARE_TAG: Aare.from_bytes,
    RLRE_TAG: Rlre.from_bytes,
    EVENT_NOTIFICATION_TAG: EventNotification.from_bytes,
    GET_RESPONSE_TAG: decode_get_response,
    SET_RESPONSE_TAG: decode_set_response,
    ACTION_RESPONSE_TAG: decode_action_response,
    ACCESS_RESPONSE_TAG: AccessResponse.from_bytes,
    EXCEPTION_RESPONSE_TAG: ExceptionResponse.from_bytes,
    GENERAL_BLOCK_TRANSFER_TAG: GeneralBlockTransfer.from_bytes,
}


def decode_request(octets: bytes) -> Request:
    """Decode what a client sends, unprotected; raises ``DecodeError``."""
    if not octets:
        raise DecodeError("an APDU without octets", 0)
    decoder = _REQUESTS.get(octets[0])
    if decoder is None:
        raise DecodeError(f"{tag_name(octets[0])} is no request", 0)
    return decoder(octets)


def decode_answer(octets: bytes) -> Answer:
    """Decode what a server sends, unprotected; raises ``DecodeError``."""
    if not octets:
        raise DecodeError("an APDU without octets", 0)
    decoder = _ANSWERS.get(octets[0])
    if decoder is None:
        raise DecodeError(f"{tag_name(octets[0])} is no answer", 0)
    return decoder(octets)


def describe_request(octets: bytes) -> str:
    """Return one line for people on whatever we send, malformed on purpose or not."""
    if not octets:
        return "an APDU without octets"
    if octets[0] not in _REQUESTS:
        return f"{tag_name(octets[0])}, {size_text(octets)}"
    try:
        return decode_request(octets).describe()
    except DecodeError as error:
        return f"malformed {tag_name(octets[0])}, {size_text(octets)}: {error}"
