"""SU3 step 2: a long answer arrives whole, in blocks of the right size and number."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from reference_meter.codec import axdr
from reference_meter.codec.request import GetNext
from reference_meter.codec.response import GetResponseBlock, Response
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.server.association import Association, LongAnswer
from reference_meter.server.octet_source import OctetSource

__all__ = ["FAMILIES"]

NextBlock = Callable[[Association, int, LongAnswer], GetResponseBlock]


@deviation("block-loses-an-octet", "SU3.step2", about="One octet of a long answer is lost behind its first block.")
def block_loses_an_octet(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def next_block(
        original: NextBlock, association: Association, invoke: int, transfer: LongAnswer
    ) -> GetResponseBlock:
        block = original(association, invoke, transfer)
        if block.number == 1 and not block.last and transfer.source.take(1):
            meter.fire()
        return block

    wrap(meter.server.services.gets, "next_block", next_block)


@deviation(
    "block-duplicates-row",
    "SU3.step2",
    about="Behind the first block of a long answer a row comes twice, and the row after it is missing.",
)
def block_duplicates_row(meter: Meter, rng: Random) -> None:
    """No parameter."""
    gets = meter.server.services.gets
    crossed: set[int] = set()

    def repeating(source: OctetSource, chunks: Iterator[bytes]) -> Iterator[bytes]:
        before = b""
        for chunk in chunks:
            # Rows are chunks of one length; the count of the rows stays right.
            if id(source) in crossed and before and len(chunk) == len(before):
                crossed.discard(id(source))
                meter.fire()
                yield before
            else:
                yield chunk
            before = chunk

    def begin_long(
        original: Callable[..., Any], association: Association, invoke: int, head: bytes, source: OctetSource
    ) -> Any:
        source.chunks = repeating(source, source.chunks)
        return original(association, invoke, head, source)

    def next_block(
        original: NextBlock, association: Association, invoke: int, transfer: LongAnswer
    ) -> GetResponseBlock:
        block = original(association, invoke, transfer)
        if block.number == 1 and not block.last:
            crossed.add(id(transfer.source))
        else:
            crossed.discard(id(transfer.source))
        return block

    wrap(gets, "begin_long", begin_long)
    wrap(gets, "next_block", next_block)


@deviation(
    "get-next-without-long-get-answers-data",
    "SU3.step2",
    about="Asking for the next block when no long answer is under way gives a block with data.",
)
def get_next_without_long_get(meter: Meter, rng: Random) -> None:
    """No parameter: the block holds the time."""
    clock = meter.model.metering.clock

    def answer_next(original: Callable[..., Response], association: Association, request: GetNext) -> Response:
        if association.long_get is not None:
            return original(association, request)
        meter.fire()
        data = axdr.encode((9, clock.time_octets()))
        return GetResponseBlock(invoke=request.invoke, last=True, number=request.number, result=data)

    wrap(meter.server.services.gets, "answer_next", answer_next)


@deviation(
    "exceeds-negotiated-pdu",
    "SU3.step2",
    about="Long answers are up to some octets longer than the client announced to take.",
)
def exceeds_negotiated_pdu(meter: Meter, rng: Random) -> None:
    """Draw the octets."""
    extra = rng.randint(1, 64)

    def open_association(original: Callable[..., Association], *arguments: Any) -> Association:
        association = original(*arguments)
        if association.send_limit is not None:
            association.send_limit += extra
        return association

    def encode(original: Callable[..., bytes], association: Association, response: Response) -> bytes:
        apdu = original(association, response)
        if association.send_limit is not None and len(apdu) > association.send_limit - extra:
            meter.fire()
        return apdu

    wrap(meter.server.associations, "open_association", open_association)
    wrap(meter.server.services, "encode", encode)


@deviation("block-number-jumps", "SU3.step2", about="The numbers of the blocks of a long answer leave one out.")
def block_number_jumps(meter: Meter, rng: Random) -> None:
    """Draw the number that is left out."""
    missing = rng.randint(1, 2)

    def next_block(
        original: NextBlock, association: Association, invoke: int, transfer: LongAnswer
    ) -> GetResponseBlock:
        if transfer.number == missing - 1:
            transfer.number += 1
            meter.fire()
        return original(association, invoke, transfer)

    wrap(meter.server.services.gets, "next_block", next_block)


FAMILIES = (
    block_loses_an_octet,
    block_duplicates_row,
    get_next_without_long_get,
    exceeds_negotiated_pdu,
    block_number_jumps,
)
