"""The ACTION service: single, list, long parameters and long results.

A long result carries in its blocks what the short answer would hold: action-result and return value, for a list
preceded by their count.
"""

from collections.abc import Iterator

from reference_meter.codec import axdr
from reference_meter.codec.axdr import Pair
from reference_meter.codec.conformance import BLOCK_ACTION, GENERAL_BLOCK_TRANSFER
from reference_meter.codec.octets import Malformed, encode_length
from reference_meter.codec.request import (
    ActionBlock,
    ActionFirstBlock,
    ActionList,
    ActionListFirstBlock,
    ActionNext,
    ActionNormal,
    ActionRequest,
    Block,
    MethodDescriptor,
)
from reference_meter.codec.response import (
    ActionResponseBlock,
    ActionResponseList,
    ActionResponseNext,
    ActionResponseNormal,
    Response,
    encode_response,
)
from reference_meter.server.association import Association, LongAnswer, LongRequest
from reference_meter.server.authentication import Authentication
from reference_meter.server.model_port import AccessRefused, CosemModel
from reference_meter.server.octet_source import OctetSource, encode_lazily, largest_content
from reference_meter.server.results import ActionResult
from reference_meter.server.settings import LinkSettings

__all__ = ["ActionService"]

# Octets before the outcome: tag, choice, invoke-id.
_HEAD = 3
# Tag, choice, invoke-id, last, number.
_BLOCK_HEAD = 8

Outcome = tuple[int, Pair | None]


class ActionService:
    """Answers ACTION requests of all associations; long parameters and results stand in the association."""

    def __init__(self, model: CosemModel, settings: LinkSettings) -> None:
        self.model = model
        self.settings = settings

    def answer(self, association: Association, request: ActionRequest) -> Response | OctetSource:
        """Answer any ACTION request."""
        if isinstance(request, ActionNext):
            return self.answer_next(association, request)
        association.long_outcome = None
        if isinstance(request, ActionBlock):
            return self.answer_block(association, request.invoke, request.block)
        # A new request ends a long one that the client has not finished.
        association.long_action = None
        match request:
            case ActionNormal():
                outcome = self.invoke(association, request.method, request.parameter)
                return self.answer_normal(association, request.invoke, outcome)
            case ActionList():
                outcomes = self.invoke_list(association, request.methods, request.parameters)
                return self.answer_list(association, request.invoke, outcomes)
            case ActionFirstBlock():
                association.long_action = LongRequest(targets=(request.method,), is_list=False)
            case ActionListFirstBlock():
                association.long_action = LongRequest(targets=request.methods, is_list=True)
        return self.answer_block(association, request.invoke, request.block)

    def invoke(self, association: Association, method: MethodDescriptor, parameter: Pair | None) -> Outcome:
        """Invoke one method and give action-result and return value."""
        if association.authentication is not None:
            return self.authenticate(association, association.authentication, parameter)
        try:
            return self.model.action(association.key.client, method.class_id, method.obis, method.method, parameter)
        except AccessRefused as refused:
            return refused.result, None

    def authenticate(self, association: Association, authentication: Authentication, parameter: Pair | None) -> Outcome:
        """Judge the client's answer to the challenge; the association is open or rejected afterwards."""
        octets = parameter[1] if parameter is not None and parameter[0] == axdr.OCTET_STRING else b""
        client = association.key.client
        if self.model.lock_out_diagnostic(client):
            association.rejected = True
            return ActionResult.READ_WRITE_DENIED, None
        reply = authentication.finish(octets)
        if reply is None:
            self.model.authentication_failed(client)
            association.rejected = True
            return ActionResult.READ_WRITE_DENIED, None
        association.authentication = None
        self.model.association_changed(client, association.key.link_id, opened=True)
        return ActionResult.SUCCESS, (axdr.OCTET_STRING, reply)

    def invoke_list(
        self,
        association: Association,
        methods: tuple[MethodDescriptor, ...],
        parameters: tuple[Pair, ...],
    ) -> list[Outcome]:
        """Invoke several methods in their order; null-data stands for no parameter."""
        return [
            self.invoke(association, method, None if parameter[0] == axdr.NULL else parameter)
            for method, parameter in zip(methods, parameters, strict=True)
        ]

    def answer_normal(self, association: Association, invoke: int, outcome: Outcome) -> Response | OctetSource:
        """Answer with one outcome, or its first part."""
        source = OctetSource(self.encode_outcome(outcome))
        whole = self.take_whole(association, source, _HEAD)
        if whole is not None:
            return ActionResponseNormal(invoke=invoke, outcome=whole)
        head = encode_response(ActionResponseNormal(invoke=invoke, outcome=b""))
        return self.begin_long(association, invoke, head, source)

    def answer_list(self, association: Association, invoke: int, outcomes: list[Outcome]) -> Response | OctetSource:
        """Answer with several outcomes, or their first part."""
        source = OctetSource(self.encode_outcomes(outcomes))
        whole = self.take_whole(association, source, _HEAD)
        if whole is not None:
            return ActionResponseList(invoke=invoke, outcomes=whole)
        head = encode_response(ActionResponseList(invoke=invoke, outcomes=b""))
        return self.begin_long(association, invoke, head, source)

    def encode_outcome(self, outcome: Outcome) -> Iterator[bytes]:
        """Encode action-result and return value."""
        result, value = outcome
        if value is None:
            yield bytes([result, 0])
        else:
            yield bytes([result, 1, 0])
            yield from encode_lazily(value)

    def encode_outcomes(self, outcomes: list[Outcome]) -> Iterator[bytes]:
        """Encode several outcomes with their count."""
        yield encode_length(len(outcomes))
        for outcome in outcomes:
            yield from self.encode_outcome(outcome)

    def take_whole(self, association: Association, source: OctetSource, head_octets: int) -> bytes | None:
        """Take an answer that goes out in one piece, nothing when it goes out in blocks."""
        if association.general_answer:
            return None
        return source.take_all_within(association.answer_limit() - head_octets)

    def begin_long(
        self, association: Association, invoke: int, head: bytes, source: OctetSource
    ) -> Response | OctetSource:
        """Begin a long answer in the way that was negotiated."""
        if not association.general_answer and association.has(BLOCK_ACTION):
            association.long_outcome = LongAnswer(source=source)
            return self.next_block(association, invoke, association.long_outcome)
        if association.has(GENERAL_BLOCK_TRANSFER):
            source.put_back(head)
            return source
        return self.refusal(invoke, ActionResult.OTHER_REASON)

    def answer_next(self, association: Association, request: ActionNext) -> Response:
        """Answer with the next part of a long result."""
        transfer = association.long_outcome
        if transfer is None:
            return self.refusal(request.invoke, ActionResult.NO_LONG_ACTION_IN_PROGRESS)
        if request.number != transfer.number:
            association.long_outcome = None
            return self.refusal(request.invoke, ActionResult.LONG_ACTION_ABORTED)
        return self.next_block(association, request.invoke, transfer)

    def next_block(self, association: Association, invoke: int, transfer: LongAnswer) -> ActionResponseBlock:
        """Make the next part; the last one ends the transfer."""
        transfer.number += 1
        raw = transfer.source.take(largest_content(association.answer_limit() - _BLOCK_HEAD))
        last = transfer.source.at_end()
        if last:
            association.long_outcome = None
        return ActionResponseBlock(invoke=invoke, last=last, number=transfer.number, raw=raw)

    def answer_block(self, association: Association, invoke: int, block: Block) -> Response | OctetSource:
        """Take one part of a long parameter."""
        transfer = association.long_action
        if transfer is None:
            return self.refusal(invoke, ActionResult.NO_LONG_ACTION_IN_PROGRESS)
        too_long = len(transfer.raw) + len(block.raw) > self.settings.max_long_request_octets
        if too_long or block.number != transfer.number + 1:
            association.long_action = None
            return self.refusal(invoke, ActionResult.LONG_ACTION_ABORTED)
        transfer.number = block.number
        transfer.raw += block.raw
        if not block.last:
            return ActionResponseNext(invoke=invoke, number=block.number)
        association.long_action = None
        return self.finish_long(association, invoke, transfer)

    def finish_long(self, association: Association, invoke: int, transfer: LongRequest) -> Response | OctetSource:
        """Invoke with the parameters that have arrived in parts."""
        methods = tuple(target for target in transfer.targets if isinstance(target, MethodDescriptor))
        try:
            parameters = transfer.values()
        except Malformed:
            return self.refusal(invoke, ActionResult.TYPE_UNMATCHED)
        outcomes = self.invoke_list(association, methods, parameters)
        if transfer.is_list:
            return self.answer_list(association, invoke, outcomes)
        return self.answer_normal(association, invoke, outcomes[0])

    def refusal(self, invoke: int, result: int) -> ActionResponseNormal:
        """Make an answer that is only a result."""
        return ActionResponseNormal(invoke=invoke, outcome=bytes([result, 0]))
