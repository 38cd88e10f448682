"""The SET service: single, list and block by block."""

from reference_meter.codec.axdr import Pair
from reference_meter.codec.octets import Malformed
from reference_meter.codec.request import (
    AttributeDescriptor,
    Block,
    SetBlock,
    SetFirstBlock,
    SetList,
    SetListFirstBlock,
    SetNormal,
    SetRequest,
)
from reference_meter.codec.response import (
    Response,
    SetResponseBlock,
    SetResponseLast,
    SetResponseLastList,
    SetResponseList,
    SetResponseNormal,
)
from reference_meter.server.association import Association, LongRequest
from reference_meter.server.model_port import AccessRefused, CosemModel
from reference_meter.server.results import DataAccessResult
from reference_meter.server.selection import selection_of
from reference_meter.server.settings import LinkSettings

__all__ = ["SetService"]


class SetService:
    """Answers SET requests of all associations; a long request stands in its association."""

    def __init__(self, model: CosemModel, settings: LinkSettings) -> None:
        self.model = model
        self.settings = settings

    def answer(self, association: Association, request: SetRequest) -> Response:
        """Answer any SET request."""
        if isinstance(request, SetBlock):
            return self.answer_block(association, request.invoke, request.block)
        # A new request ends a long set that the client has not finished.
        association.long_set = None
        match request:
            case SetNormal():
                result = self.write(association, request.attribute, request.data)
                return SetResponseNormal(invoke=request.invoke, result=result)
            case SetList():
                results = self.write_list(association, request.attributes, request.values)
                return SetResponseList(invoke=request.invoke, results=results)
            case SetFirstBlock():
                association.long_set = LongRequest(targets=(request.attribute,), is_list=False)
            case SetListFirstBlock():
                association.long_set = LongRequest(targets=request.attributes, is_list=True)
        return self.answer_block(association, request.invoke, request.block)

    def write(self, association: Association, attribute: AttributeDescriptor, data: Pair) -> int:
        """Write one attribute and give the data-access-result."""
        try:
            return self.model.set(
                association.key.client,
                attribute.class_id,
                attribute.obis,
                attribute.attribute,
                selection_of(attribute),
                data,
            )
        except AccessRefused as refused:
            return refused.result

    def write_list(
        self,
        association: Association,
        attributes: tuple[AttributeDescriptor, ...],
        values: tuple[Pair, ...],
    ) -> tuple[int, ...]:
        """Write several attributes in their order."""
        return tuple(
            self.write(association, attribute, value) for attribute, value in zip(attributes, values, strict=True)
        )

    def answer_block(self, association: Association, invoke: int, block: Block) -> Response:
        """Take one block of a long request."""
        transfer = association.long_set
        if transfer is None:
            return self.end_long(association, invoke, block, DataAccessResult.NO_LONG_SET_IN_PROGRESS)
        if block.number != transfer.number + 1:
            return self.end_long(association, invoke, block, DataAccessResult.DATA_BLOCK_NUMBER_INVALID)
        if len(transfer.raw) + len(block.raw) > self.settings.max_long_request_octets:
            return self.end_long(association, invoke, block, DataAccessResult.LONG_SET_ABORTED)
        transfer.number = block.number
        transfer.raw += block.raw
        if not block.last:
            return SetResponseBlock(invoke=invoke, number=block.number)
        association.long_set = None
        return self.finish_long(association, invoke, transfer)

    def finish_long(self, association: Association, invoke: int, transfer: LongRequest) -> Response:
        """Write what has arrived in blocks."""
        attributes = tuple(target for target in transfer.targets if isinstance(target, AttributeDescriptor))
        try:
            values = transfer.values()
        except Malformed:
            return SetResponseLast(invoke=invoke, result=DataAccessResult.TYPE_UNMATCHED, number=transfer.number)
        results = self.write_list(association, attributes, values)
        if transfer.is_list:
            return SetResponseLastList(invoke=invoke, results=results, number=transfer.number)
        return SetResponseLast(invoke=invoke, result=results[0], number=transfer.number)

    def end_long(self, association: Association, invoke: int, block: Block, result: int) -> SetResponseLast:
        """Refuse a block and end the transfer."""
        association.long_set = None
        return SetResponseLast(invoke=invoke, result=result, number=block.number)
