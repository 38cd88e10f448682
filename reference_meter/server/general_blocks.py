"""General block transfer: any request and any answer in numbered blocks, several in a row."""

from collections.abc import Callable

from reference_meter.codec.general_block import GeneralBlock, decode_general_block, encode_general_block
from reference_meter.codec.octets import Malformed
from reference_meter.codec.response import encode_response
from reference_meter.server.association import Association, GeneralTransfer
from reference_meter.server.octet_source import OctetSource, largest_content
from reference_meter.server.services import MALFORMED, TOO_LONG
from reference_meter.server.settings import LinkSettings

__all__ = ["GeneralBlocks"]

# Tag, control, number, acknowledged number.
_HEAD = 6

AnswerRequest = Callable[[Association, bytes], OctetSource | None]


class GeneralBlocks:
    """The block layer of all associations; a transfer stands in its association."""

    def __init__(self, settings: LinkSettings, answer_request: AnswerRequest) -> None:
        self.settings = settings
        self.answer_request = answer_request

    def receive(self, association: Association, apdu: bytes) -> list[bytes]:
        """Take one block of the client and give the blocks to send now."""
        try:
            block = decode_general_block(apdu)
        except Malformed:
            association.general = None
            return [encode_response(MALFORMED)]
        transfer = association.general
        if transfer is None or (block.number == 1 and block.data):
            transfer = association.general = GeneralTransfer()
        if transfer.source is None:
            return self.take_block(association, transfer, block)
        return self.go_on(association, transfer, block)

    def begin(self, association: Association, source: OctetSource) -> list[bytes]:
        """Send an answer in blocks though the request came in one piece; the client's window is taken as 1."""
        transfer = association.general = GeneralTransfer(source=source)
        return self.send_window(association, transfer, window=1)

    def take_block(self, association: Association, transfer: GeneralTransfer, block: GeneralBlock) -> list[bytes]:
        """Take a block of a request; what is out of sequence is left for the client to send again."""
        in_sequence = block.number == transfer.acknowledged + 1
        if in_sequence:
            if len(transfer.received) + len(block.data) > self.settings.max_long_request_octets:
                association.general = None
                return [encode_response(TOO_LONG)]
            transfer.acknowledged = block.number
            transfer.received += block.data
            if block.last:
                return self.complete(association, transfer, block.window)
        return [] if block.streaming else [self.acknowledge(transfer)]

    def complete(self, association: Association, transfer: GeneralTransfer, window: int) -> list[bytes]:
        """Have the request answered and begin with the answer."""
        if not transfer.received:
            association.general = None
            return []
        association.general_answer = True
        try:
            transfer.source = self.answer_request(association, bytes(transfer.received))
        finally:
            association.general_answer = False
        transfer.received.clear()
        if transfer.source is None:
            association.general = None
            return []
        return self.send_window(association, transfer, window)

    def go_on(self, association: Association, transfer: GeneralTransfer, block: GeneralBlock) -> list[bytes]:
        """Take an acknowledgement and send what comes next, beginning with what was lost."""
        waiting = [sent for sent in transfer.unacknowledged if sent[0] > block.acknowledged]
        transfer.unacknowledged = waiting
        transfer.acknowledged = max(transfer.acknowledged, block.number)
        if transfer.source is None or (not waiting and transfer.source.at_end()):
            association.general = None
            return []
        return [] if block.streaming else self.send_window(association, transfer, block.window)

    def send_window(self, association: Association, transfer: GeneralTransfer, window: int) -> list[bytes]:
        """Send unacknowledged and new blocks, as many as the client takes in a row."""
        waiting = transfer.unacknowledged
        while len(waiting) < max(window, 1) and not (waiting and waiting[-1][1]):
            waiting.append(self.next_block(association, transfer))
        burst = waiting[: max(window, 1)]
        return [
            encode_general_block(
                GeneralBlock(
                    last=last,
                    streaming=number != burst[-1][0],
                    window=self.settings.general_block_window,
                    number=number,
                    acknowledged=transfer.acknowledged,
                    data=data,
                )
            )
            for number, last, data in burst
        ]

    def next_block(self, association: Association, transfer: GeneralTransfer) -> tuple[int, bool, bytes]:
        """Make one new block: number, last, data."""
        if transfer.source is None:
            raise ValueError("there is no answer to send")
        data = transfer.source.take(largest_content(association.send_limit - _HEAD))
        transfer.number += 1
        return transfer.number, transfer.source.at_end(), data

    def acknowledge(self, transfer: GeneralTransfer) -> bytes:
        """Make an empty block that says what has been received."""
        transfer.number += 1
        return encode_general_block(
            GeneralBlock(
                last=False,
                streaming=False,
                window=self.settings.general_block_window,
                number=transfer.number,
                acknowledged=transfer.acknowledged,
                data=b"",
            )
        )
