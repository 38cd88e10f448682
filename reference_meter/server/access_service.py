"""The ACCESS service: one request after the other, with the rights that each would meet alone."""

from dataclasses import replace

from reference_meter.codec import axdr
from reference_meter.codec.access import (
    BREAK_ON_ERROR,
    SELF_DESCRIPTIVE,
    AccessAction,
    AccessGet,
    AccessRequest,
    AccessResponse,
    AccessResult,
    AccessSet,
    AccessSpecification,
    encode_access_response,
)
from reference_meter.codec.conformance import GENERAL_BLOCK_TRANSFER
from reference_meter.server.action_service import ActionService
from reference_meter.server.association import Association
from reference_meter.server.get_service import GetService
from reference_meter.server.model_port import AccessRefused
from reference_meter.server.octet_source import OctetSource, encode_lazily
from reference_meter.server.results import DataAccessResult
from reference_meter.server.set_service import SetService

__all__ = ["AccessService"]

_GET, _SET, _ACTION = 1, 2, 3


class AccessService:
    """Answers ACCESS requests by what the other services do."""

    def __init__(self, gets: GetService, sets: SetService, actions: ActionService) -> None:
        self.gets = gets
        self.sets = sets
        self.actions = actions

    def is_answerable(self, association: Association, request: AccessRequest) -> bool:
        """Tell whether at least the results would fit the client; it is asked before anything is done."""
        if association.general_answer or association.has(GENERAL_BLOCK_TRANSFER):
            return True
        nothing = tuple(
            AccessResult(choice=_choice_of(each), result=DataAccessResult.OTHER_REASON)
            for each in request.specifications
        )
        return len(self.encode(request, nothing)) <= association.answer_limit()

    def answer(self, association: Association, request: AccessRequest) -> bytes | OctetSource:
        """Carry out a request; without general blocks, values that make the answer too long are given up."""
        results = self.carry_out(association, request)
        encoded = self.encode(request, results)
        if association.general_answer or len(encoded) <= association.answer_limit():
            return encoded
        if association.has(GENERAL_BLOCK_TRANSFER):
            return OctetSource([encoded])
        return self.encode(request, self.shortened(association, request, results))

    def carry_out(self, association: Association, request: AccessRequest) -> tuple[AccessResult, ...]:
        """Do one after the other; after an error, where the client wants it so, the rest is left undone."""
        results: list[AccessResult] = []
        stopped = False
        for specification, data in zip(request.specifications, request.data, strict=True):
            if stopped:
                choice = _choice_of(specification)
                results.append(AccessResult(choice=choice, result=DataAccessResult.OTHER_REASON))
                continue
            results.append(self.result_of(association, specification, data))
            failed = results[-1].result != DataAccessResult.SUCCESS
            stopped = failed and bool(request.long_invoke & BREAK_ON_ERROR)
        return tuple(results)

    def result_of(self, association: Association, specification: AccessSpecification, data: axdr.Pair) -> AccessResult:
        """Do what one specification says."""
        match specification:
            case AccessGet():
                return self.read(association, specification)
            case AccessSet():
                return AccessResult(choice=_SET, result=self.sets.write(association, specification.attribute, data))
            case AccessAction():
                parameter = None if data[0] == axdr.NULL else data
                result, value = self.actions.invoke(association, specification.method, parameter)
                returned = b"\x00" if value is None else axdr.encode(value)
                return AccessResult(choice=_ACTION, result=result, data=returned)

    def read(self, association: Association, specification: AccessGet) -> AccessResult:
        """Read one attribute as a whole."""
        value = self.gets.read(association, specification.attribute)
        if isinstance(value, int):
            return AccessResult(choice=_GET, result=value)
        try:
            data = OctetSource(encode_lazily(value)).take_all()
        except AccessRefused:
            return AccessResult(choice=_GET, result=DataAccessResult.LONG_GET_ABORTED)
        return AccessResult(choice=_GET, result=DataAccessResult.SUCCESS, data=data)

    def shortened(
        self, association: Association, request: AccessRequest, results: tuple[AccessResult, ...]
    ) -> tuple[AccessResult, ...]:
        """Give up values, the longest first, until the answer fits."""
        kept = list(results)
        while len(self.encode(request, tuple(kept))) > association.answer_limit():
            longest = max(range(len(kept)), key=lambda number: len(kept[number].data))
            result = kept[longest].result or DataAccessResult.OTHER_REASON
            kept[longest] = replace(kept[longest], data=b"\x00", result=result)
        return tuple(kept)

    def encode(self, request: AccessRequest, results: tuple[AccessResult, ...]) -> bytes:
        """Encode the answer to a request."""
        described = request.long_invoke & SELF_DESCRIPTIVE
        return encode_access_response(
            AccessResponse(
                long_invoke=request.long_invoke,
                raw_specifications=request.raw_specifications if described else None,
                results=results,
            )
        )


def _choice_of(specification: AccessSpecification) -> int:
    match specification:
        case AccessGet():
            return _GET
        case AccessSet():
            return _SET
        case AccessAction():
            return _ACTION
