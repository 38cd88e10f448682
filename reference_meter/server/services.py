"""The xDLMS services of one meter: which service a request belongs to and whether it was negotiated.

A request that says so itself is never answered, whatever comes of it.
"""

from dataclasses import replace

from reference_meter.codec import access
from reference_meter.codec import conformance as bits
from reference_meter.codec import request as messages
from reference_meter.codec.octets import Malformed
from reference_meter.codec.request import CONFIRMED, AttributeDescriptor, MethodDescriptor, Request
from reference_meter.codec.request_decoder import decode_request
from reference_meter.codec.response import ExceptionResponse, Response, SetResponseList, encode_response
from reference_meter.server.access_service import AccessService
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
    "is_unconfirmed",
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
    access.ACCESS_REQUEST: bits.ACCESS,
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
        self.model = model
        self.gets = GetService(model)
        self.sets = SetService(model, settings)
        self.actions = ActionService(model, settings)
        self.accesses = AccessService(self.gets, self.sets, self.actions)

    def answer(self, association: Association, apdu: bytes) -> bytes | OctetSource | None:
        """Answer one plain APDU; an ``OctetSource`` is an answer for general blocks, ``None`` is no answer."""
        answer = self.judge(association, apdu)
        self.model.request_over()
        if not is_unconfirmed(apdu):
            return answer
        association.long_get = association.long_outcome = None
        return None

    def judge(self, association: Association, apdu: bytes) -> bytes | OctetSource:
        """Answer as if every request was confirmed."""
        if association.authentication is not None:
            return self.answer_third_pass(association, apdu)
        service = _SERVICE_BITS.get(apdu[0])
        if service is None:
            return self.encode(association, SERVICE_UNKNOWN)
        if not association.has(service):
            return self.encode(association, NOT_NEGOTIATED)
        if association.standing and not is_unconfirmed(apdu):
            return self.encode(association, NOT_POSSIBLE)
        try:
            if service == bits.ACCESS:
                return self.answer_access(association, access.decode_access_request(apdu))
            request = decode_request(apdu)
        except Malformed:
            return self.encode(association, MALFORMED)
        refused = self.refusal_of(association, request)
        if refused is not None:
            return self.encode(association, refused)
        return self.carry_out(association, request)

    def answer_access(self, association: Association, request: access.AccessRequest) -> bytes | OctetSource:
        """Answer a request of the ACCESS service."""
        if not association.has(_needed_by(request)):
            return self.encode(association, NOT_NEGOTIATED)
        if not self.accesses.is_answerable(association, request):
            return self.encode(association, NOT_POSSIBLE)
        return self.accesses.answer(association, request)

    def answer_third_pass(self, association: Association, apdu: bytes) -> bytes | OctetSource:
        """Answer a client that has not proved itself yet: its reply to the challenge is the only request allowed."""
        try:
            request = decode_request(apdu) if apdu[0] == messages.ACTION_REQUEST else None
        except Malformed:
            request = None
        if association.rejected or not isinstance(request, messages.ActionNormal) or request.method != _THIRD_PASS:
            return self.encode(association, NOT_ASSOCIATED)
        return self.carry_out(association, request)

    def carry_out(self, association: Association, request: Request) -> bytes | OctetSource:
        """Perform a request and encode what comes of it."""
        response = self.perform(association, replace(request, invoke=self.invoke_id_of(request)))
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


def is_unconfirmed(apdu: bytes) -> bool:
    """Tell whether a request asks for no answer; octets too few to say so do not."""
    if apdu[0] == access.ACCESS_REQUEST:
        return len(apdu) > 1 and not apdu[1] & CONFIRMED
    return apdu[0] in _SERVICE_BITS and len(apdu) > 2 and not apdu[2] & CONFIRMED


def _needed_by(request: access.AccessRequest) -> int:
    """Give the services that the parts of a request need."""
    needed = 0
    for each in request.specifications:
        if not isinstance(each, access.AccessAction) and each.attribute.selector is not None:
            needed |= bits.SELECTIVE_ACCESS
    return needed


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
