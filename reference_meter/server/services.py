"""The xDLMS services of one meter: which service a request belongs to and whether it was negotiated."""

from dataclasses import replace

from reference_meter.codec import conformance as bits
from reference_meter.codec import request as messages
from reference_meter.codec.octets import Malformed
from reference_meter.codec.request import CONFIRMED, AttributeDescriptor, MethodDescriptor, Request
from reference_meter.codec.request_decoder import decode_request
from reference_meter.codec.response import ExceptionResponse, Response, SetResponseList, encode_response
from reference_meter.server.action_service import ActionService
from reference_meter.server.association import Association
from reference_meter.server.authentication import CURRENT_ASSOCIATION, PASS_3_METHOD
from reference_meter.server.get_service import GetService
from reference_meter.server.model_port import CosemModel
from reference_meter.server.octet_source import OctetSource
from reference_meter.server.set_service import SetService
from reference_meter.server.settings import LinkSettings

__all__ = [
    "MALFORMED",
    "NOT_ASSOCIATED",
    "NOT_NEGOTIATED",
    "NOT_POSSIBLE",
    "SERVICE_UNKNOWN",
    "TOO_LONG",
    "Services",
]

NOT_ASSOCIATED = ExceptionResponse(state_error=1, service_error=1)
NOT_NEGOTIATED = ExceptionResponse(state_error=1, service_error=2)
NOT_POSSIBLE = ExceptionResponse(state_error=1, service_error=1)
TOO_LONG = ExceptionResponse(state_error=1, service_error=4)
SERVICE_UNKNOWN = ExceptionResponse(state_error=2, service_error=2)
MALFORMED = ExceptionResponse(state_error=2, service_error=3)

_THIRD_PASS = MethodDescriptor(class_id=15, obis=CURRENT_ASSOCIATION, method=PASS_3_METHOD)

_SERVICE_BITS = {
    messages.GET_REQUEST: bits.GET,
    messages.SET_REQUEST: bits.SET,
    messages.ACTION_REQUEST: bits.ACTION,
}

# What a form of request needs beyond its service.
_FORM_BITS: dict[type, int] = {
    messages.GetNext: bits.BLOCK_GET,
    messages.GetList: bits.MULTIPLE_REFERENCES,
    messages.SetFirstBlock: bits.BLOCK_SET,
    messages.SetBlock: bits.BLOCK_SET,
    messages.SetList: bits.MULTIPLE_REFERENCES,
    messages.SetListFirstBlock: bits.BLOCK_SET | bits.MULTIPLE_REFERENCES,
    messages.ActionNext: bits.BLOCK_ACTION,
    messages.ActionList: bits.MULTIPLE_REFERENCES,
    messages.ActionFirstBlock: bits.BLOCK_ACTION,
    messages.ActionListFirstBlock: bits.BLOCK_ACTION | bits.MULTIPLE_REFERENCES,
    messages.ActionBlock: bits.BLOCK_ACTION,
}


class Services:
    """Answers the requests of open associations."""

    def __init__(self, model: CosemModel, settings: LinkSettings) -> None:
        self.gets = GetService(model)
        self.sets = SetService(model, settings)
        self.actions = ActionService(model, settings)

    def answer(self, association: Association, apdu: bytes) -> bytes | OctetSource | None:
        """Answer one plain APDU; an ``OctetSource`` is an answer for general blocks, ``None`` is no answer."""
        if association.authentication is not None:
            return self.answer_third_pass(association, apdu)
        service = _SERVICE_BITS.get(apdu[0])
        if service is None:
            return self.encode(association, SERVICE_UNKNOWN)
        if not association.has(service):
            return self.encode(association, NOT_NEGOTIATED)
        try:
            request = decode_request(apdu)
        except Malformed:
            return self.encode(association, MALFORMED)
        refused = self.refusal_of(association, request)
        if refused is not None:
            return self.encode(association, refused)
        return self.carry_out(association, request)

    def answer_third_pass(self, association: Association, apdu: bytes) -> bytes | OctetSource | None:
        """Answer a client that has not proved itself yet: its reply to the challenge is the only request allowed."""
        try:
            request = decode_request(apdu) if apdu[0] == messages.ACTION_REQUEST else None
        except Malformed:
            request = None
        if association.rejected or not isinstance(request, messages.ActionNormal) or request.method != _THIRD_PASS:
            return self.encode(association, NOT_ASSOCIATED)
        return self.carry_out(association, request)

    def carry_out(self, association: Association, request: Request) -> bytes | OctetSource | None:
        """Perform a request and encode what comes of it; an unconfirmed one gets no answer."""
        response = self.perform(association, replace(request, invoke=self.invoke_id_of(request)))
        if not request.invoke & CONFIRMED:
            association.long_get = association.long_outcome = None
            return None
        return response if isinstance(response, OctetSource) else self.encode(association, response)

    def invoke_id_of(self, request: Request) -> int:
        """Give the invoke-id-and-priority octet of the answer: the one of the request."""
        return request.invoke

    def refusal_of(self, association: Association, request: Request) -> ExceptionResponse | None:
        """Tell why a well-formed request is not served at all; ``None`` when it is."""
        needed = _FORM_BITS.get(type(request), 0)
        if any(attribute.selector is not None for attribute in _attributes_of(request)):
            needed |= bits.SELECTIVE_ACCESS
        if not association.has(needed):
            return NOT_NEGOTIATED
        # Results of a SET with list cannot be sent in blocks, so what would not fit is refused before it is done.
        if not association.general_answer and _set_list_octets(request) > association.answer_limit():
            return NOT_POSSIBLE
        return None

    def perform(self, association: Association, request: Request) -> Response | OctetSource:
        """Carry out a request."""
        if isinstance(request, messages.GetRequest):
            return self.gets.answer(association, request)
        if isinstance(request, messages.SetRequest):
            return self.sets.answer(association, request)
        return self.actions.answer(association, request)

    def encode(self, association: Association, response: Response) -> bytes:
        """Encode a response."""
        return encode_response(response)


def _set_list_octets(request: Request) -> int:
    """Give the length of the answer to a SET with list, 0 for other requests."""
    if not isinstance(request, messages.SetList | messages.SetListFirstBlock):
        return 0
    head = SetResponseList(invoke=request.invoke, results=(0,) * len(request.attributes))
    block_number_octets = 4 if isinstance(request, messages.SetListFirstBlock) else 0
    return len(encode_response(head)) + block_number_octets


def _attributes_of(request: Request) -> tuple[AttributeDescriptor, ...]:
    match request:
        case messages.GetNormal() | messages.SetNormal() | messages.SetFirstBlock():
            return (request.attribute,)
        case messages.GetList() | messages.SetList() | messages.SetListFirstBlock():
            return request.attributes
        case _:
            return ()
