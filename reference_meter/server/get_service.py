"""The GET service: single, list and block by block."""

from collections.abc import Iterable, Iterator

from reference_meter.codec.axdr import Pair
from reference_meter.codec.conformance import BLOCK_GET, GENERAL_BLOCK_TRANSFER
from reference_meter.codec.octets import encode_length
from reference_meter.codec.request import AttributeDescriptor, GetList, GetNext, GetNormal, GetRequest
from reference_meter.codec.response import (
    GetResponseBlock,
    GetResponseList,
    GetResponseNormal,
    Response,
    encode_response,
)
from reference_meter.server.association import Association, LongAnswer
from reference_meter.server.model_port import AccessRefused, CosemModel
from reference_meter.server.octet_source import OctetSource, encode_lazily, largest_content
from reference_meter.server.results import DataAccessResult
from reference_meter.server.selection import selection_of

__all__ = ["GetService"]

# Octets of a response before the content: tag, choice, invoke-id, choice of result.
_NORMAL_HEAD = 4
_LIST_HEAD = 3
# Tag, choice, invoke-id, last, number, choice of result.
_BLOCK_HEAD = 9


class GetService:
    """Answers GET requests of all associations; a long result stands in its association."""

    def __init__(self, model: CosemModel) -> None:
        self.model = model

    def answer(self, association: Association, request: GetRequest) -> Response | OctetSource:
        """Answer any GET request."""
        if isinstance(request, GetNext):
            return self.answer_next(association, request)
        # A new request ends a long get that the client has not fetched to its end.
        association.long_get = None
        if isinstance(request, GetNormal):
            return self.answer_normal(association, request)
        return self.answer_list(association, request)

    def answer_normal(self, association: Association, request: GetNormal) -> Response | OctetSource:
        """Answer with one value, or its first block."""
        result = self.read(association, request.attribute)
        if isinstance(result, int):
            return GetResponseNormal(invoke=request.invoke, result=result)
        source = OctetSource(encode_lazily(result))
        whole = self.take_whole(association, source, _NORMAL_HEAD)
        if whole is not None:
            return GetResponseNormal(invoke=request.invoke, result=whole)
        head = encode_response(GetResponseNormal(invoke=request.invoke, result=b""))
        return self.begin_long(association, request.invoke, head, source)

    def answer_list(self, association: Association, request: GetList) -> Response | OctetSource:
        """Answer with one result per attribute, or the first block of all of them."""
        results = [self.read(association, attribute) for attribute in request.attributes]
        source = OctetSource(self.encode_results(results))
        whole = self.take_whole(association, source, _LIST_HEAD)
        if whole is not None:
            return GetResponseList(invoke=request.invoke, results=whole)
        head = encode_response(GetResponseList(invoke=request.invoke, results=b""))
        return self.begin_long(association, request.invoke, head, source)

    def answer_next(self, association: Association, request: GetNext) -> Response:
        """Answer with the next block; a number other than the last one sent ends the transfer."""
        transfer = association.long_get
        if transfer is None:
            return self.end_long(association, request, DataAccessResult.NO_LONG_GET_IN_PROGRESS)
        if request.number != transfer.number:
            return self.end_long(association, request, DataAccessResult.DATA_BLOCK_NUMBER_INVALID)
        return self.next_block(association, request.invoke, transfer)

    def read(self, association: Association, attribute: AttributeDescriptor) -> Pair | int:
        """Read one attribute; an ``int`` is the data-access-result of a refusal."""
        try:
            return self.model.get(
                association.key.client,
                attribute.class_id,
                attribute.obis,
                attribute.attribute,
                selection_of(attribute),
            )
        except AccessRefused as refused:
            return refused.result

    def encode_results(self, results: Iterable[Pair | int]) -> Iterator[bytes]:
        """Encode the results of a list with their count."""
        results = list(results)
        yield encode_length(len(results))
        for result in results:
            if isinstance(result, int):
                yield bytes([1, result])
            else:
                yield b"\x00"
                yield from encode_lazily(result)

    def take_whole(self, association: Association, source: OctetSource, head_octets: int) -> bytes | None:
        """Take an answer that goes out in one piece, nothing when it goes out in blocks."""
        if association.general_answer:
            return None
        return source.take_all_within(association.answer_limit() - head_octets)

    def begin_long(
        self, association: Association, invoke: int, head: bytes, source: OctetSource
    ) -> Response | OctetSource:
        """Begin a long answer in the way that was negotiated."""
        if not association.general_answer and association.has(BLOCK_GET):
            association.long_get = LongAnswer(source=source)
            return self.next_block(association, invoke, association.long_get)
        if association.has(GENERAL_BLOCK_TRANSFER):
            source.put_back(head)
            return source
        return GetResponseNormal(invoke=invoke, result=DataAccessResult.OTHER_REASON)

    def next_block(self, association: Association, invoke: int, transfer: LongAnswer) -> GetResponseBlock:
        """Make the next block; the last one ends the transfer."""
        transfer.number += 1
        try:
            raw = transfer.source.take(self.block_octets(association))
            last = transfer.source.at_end()
        except AccessRefused:
            association.long_get = None
            return GetResponseBlock(
                invoke=invoke, last=True, number=transfer.number, result=DataAccessResult.LONG_GET_ABORTED
            )
        if last:
            association.long_get = None
        return GetResponseBlock(invoke=invoke, last=last, number=transfer.number, result=raw)

    def end_long(self, association: Association, request: GetNext, result: int) -> GetResponseBlock:
        """Answer a GET-NEXT that has no block, and end the transfer."""
        association.long_get = None
        return GetResponseBlock(invoke=request.invoke, last=True, number=request.number, result=result)

    def block_octets(self, association: Association) -> int:
        """Give the size of the raw data of a full block."""
        return largest_content(association.answer_limit() - _BLOCK_HEAD)
