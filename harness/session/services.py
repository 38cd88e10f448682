"""xDLMS services as procedures over one exchange: single, list and block transfer in both directions.

Each procedure takes ``exchange(request octets, invoke octet) -> Received``; none of them knows a line or a
clock. Blocks are checked strictly: numbers in order, nothing after the last, sizes bounded.
"""

from collections.abc import Callable, Iterator, Sequence

from harness.errors import ProtocolViolation, Refused
from harness.protocol import apdu as xdlms
from harness.protocol.answer_name import answer_name
from harness.session.access_service import access_request, access_results
from harness.session.block_count import BlockCount
from harness.session.conversation import Received
from harness.session.results import AccessResult, ActionResult, GetResult, SetResult

__all__ = ["AccessResult", "ActionResult", "Deliver", "Exchange", "GetResult", "Services", "SetResult"]

Exchange = Callable[[bytes, int], Received]
Deliver = Callable[[bytes, int], None]
"""As an exchange that waits for no answer."""
Item = tuple[xdlms.AttributeDescriptor, xdlms.Selection | None]

# Priority would have to be negotiated; without it every request is of normal priority.
_CONFIRMED_NORMAL = 0x40
_LIST_HEADER_OCTETS = 4
_LISTED_OCTETS = 10
"""Class, logical name, attribute and the octet that says that there is no selection."""
# tag, choice, invoke octet, last-block flag, block number and a length field of up to three octets
_BLOCK_HEADER_OCTETS = 3 + 1 + 4 + 3


class Services:
    """GET, SET and ACTION of one association; invoke-ids run from 1 to 15 and around."""

    def __init__(
        self,
        exchange: Exchange,
        *,
        server_max_receive_octets: int,
        largest_answer_octets: int,
        deliver: Deliver | None = None,
    ) -> None:
        """``deliver`` sends unconfirmed requests; without it there are none."""
        self._exchange = exchange
        self._deliver = deliver
        self._largest_answer_octets = largest_answer_octets
        self._most_request_octets = server_max_receive_octets or 0xFFFF
        self._invoke_id = 0
        self._long_invoke_id = 0

    @property
    def most_listed(self) -> int:
        """How many plain attributes fit into one request with a list."""
        return max(1, (self._most_request_octets - _LIST_HEADER_OCTETS) // _LISTED_OCTETS)

    def next_invoke(self) -> int:
        """Return the invoke octet for a new confirmed request of normal priority."""
        self._invoke_id = self._invoke_id % 15 + 1
        return _CONFIRMED_NORMAL | self._invoke_id

    def get(self, item: Item) -> GetResult:
        """Read one attribute; a long answer is put together from its blocks."""
        chunks: list[bytes] = []
        final: GetResult | None = None
        for part in self.get_parts(item):
            final = part
            if part.data is not None:
                chunks.append(part.data)
        if final is None:
            raise ProtocolViolation("an answer of no parts")
        if final.result is not None or not final.blocks:
            return final
        return GetResult(
            data=b"".join(chunks), result=None, frame=final.frame, took_s=final.took_s, blocks=final.blocks
        )

    def get_parts(self, item: Item) -> Iterator[GetResult]:
        """Read one attribute and yield its octets as they come; a result other than data ends it."""
        invoke = self.next_invoke()
        request = xdlms.GetRequestNormal(invoke=invoke, attribute=item[0], selection=item[1])
        received = self._exchange(request.to_bytes(), invoke)
        answer = received.answer
        if isinstance(answer, xdlms.GetResponseNormal):
            yield GetResult(data=answer.data, result=answer.result, frame=received.frame, took_s=received.took_s)
            return
        for number, block in enumerate(self._blocks(received, invoke), start=1):
            yield GetResult(
                data=block[0].raw,
                result=block[0].result,
                frame=block[1].frame,
                took_s=block[1].took_s,
                blocks=number,
            )

    def get_list(self, items: Sequence[Item]) -> tuple[GetResult, ...]:
        """Read several attributes in one request; the answer has as many items, in the same order."""
        invoke = self.next_invoke()
        request = xdlms.GetRequestWithList(invoke=invoke, items=tuple(items))
        received = self._exchange(request.to_bytes(), invoke)
        answer = received.answer
        blocks = 0
        if isinstance(answer, xdlms.GetResponseWithDatablock):
            raw = bytearray()
            for block, last in self._blocks(received, invoke):
                received = last
                blocks += 1
                if block.result is not None:
                    failed = GetResult(
                        data=None, result=block.result, frame=last.frame, took_s=last.took_s, blocks=blocks
                    )
                    return tuple(failed for _ in items)
                raw += block.raw or b""
            answer = xdlms.decode_answer(bytes([0xC4, 3, invoke]) + raw)
        if not isinstance(answer, xdlms.GetResponseWithList):
            raise unexpected(received, "get-response-with-list")
        if len(answer.items) != len(items):
            raise ProtocolViolation(f"asked for {len(items)} attributes in one list, got {len(answer.items)} results")
        return tuple(
            GetResult(
                data=value if isinstance(value, bytes) else None,
                result=value if isinstance(value, int) else None,
                frame=received.frame,
                took_s=received.took_s,
                blocks=blocks,
            )
            for value in answer.items
        )

    def _blocks(self, received: Received, invoke: int) -> Iterator[tuple[xdlms.GetResponseWithDatablock, Received]]:
        count = BlockCount(self._largest_answer_octets)
        while True:
            block = received.answer
            if not isinstance(block, xdlms.GetResponseWithDatablock):
                raise unexpected(received, "get-response with the value or a block of it")
            count.take(block.block_number, len(block.raw or b""))
            yield block, received
            if block.last or block.result is not None:
                return
            request = xdlms.GetRequestNext(invoke=invoke, block_number=block.block_number)
            received = self._exchange(request.to_bytes(), invoke)

    def set(self, item: Item, data: bytes) -> SetResult:
        """Write one attribute, in blocks where the request is longer than the device takes."""
        invoke = self.next_invoke()
        request = xdlms.SetRequestNormal(invoke=invoke, attribute=item[0], selection=item[1], data=data).to_bytes()
        if len(request) <= self._most_request_octets:
            received = self._exchange(request, invoke)
            if not isinstance(received.answer, xdlms.SetResponseNormal):
                raise unexpected(received, "set-response-normal")
            return SetResult(result=received.answer.result, frame=received.frame)
        return self._set_in_blocks(item, data, invoke)

    def _set_in_blocks(self, item: Item, data: bytes, invoke: int) -> SetResult:
        head = xdlms.SetRequestWithFirstDatablock(
            invoke=invoke, attribute=item[0], selection=item[1], last=False, block_number=1, raw=b""
        )
        for number, last, part in self._portions(data, first_header_octets=len(head.to_bytes())):
            request: xdlms.SetRequestWithFirstDatablock | xdlms.SetRequestWithDatablock
            if number == 1:
                request = xdlms.SetRequestWithFirstDatablock(
                    invoke=invoke, attribute=item[0], selection=item[1], last=last, block_number=1, raw=part
                )
            else:
                request = xdlms.SetRequestWithDatablock(invoke=invoke, last=last, block_number=number, raw=part)
            received = self._exchange(request.to_bytes(), invoke)
            answer = received.answer
            if isinstance(answer, xdlms.SetResponseLastDatablock):
                if not last and answer.result == 0:
                    raise ProtocolViolation(f"the SET succeeded after block {number} although more was to come")
                return SetResult(result=answer.result, frame=received.frame)
            if isinstance(answer, xdlms.SetResponseNormal) and answer.result != 0:
                return SetResult(result=answer.result, frame=received.frame)
            if last or not isinstance(answer, xdlms.SetResponseDatablock):
                raise unexpected(received, "set-response-last-datablock" if last else "set-response-datablock")
            if answer.block_number != number:
                raise ProtocolViolation(f"block {answer.block_number} acknowledged where {number} was sent")
        raise ValueError("a SET of no octets")

    def _portions(self, data: bytes, *, first_header_octets: int) -> Iterator[tuple[int, bool, bytes]]:
        at, number = 0, 0
        while at < len(data):
            number += 1
            header = first_header_octets + 2 if number == 1 else _BLOCK_HEADER_OCTETS
            part = data[at : at + max(1, self._most_request_octets - header)]
            at += len(part)
            yield number, at == len(data), part

    def action(self, method: xdlms.MethodDescriptor, parameter: bytes | None) -> ActionResult:
        """Invoke one method; parameter and return value go in blocks where they are long."""
        invoke = self.next_invoke()
        request = xdlms.ActionRequestNormal(invoke=invoke, method=method, parameter=parameter).to_bytes()
        if len(request) <= self._most_request_octets or parameter is None:
            received = self._exchange(request, invoke)
        else:
            received = self._action_in_blocks(method, parameter, invoke)
        return self._action_result(received, invoke)

    def access(
        self,
        specifications: Sequence[xdlms.AccessSpecification],
        *,
        self_descriptive: bool = False,
        break_on_error: bool = False,
    ) -> tuple[AccessResult, ...]:
        """Read, write and invoke in one request, in this order; a result for each, in the same order.

        ``ValueError`` where one request does not take it; a long answer comes by general block transfer.
        """
        self._long_invoke_id = self._long_invoke_id % xdlms.LONG_INVOKE_ID + 1
        request = access_request(
            self._long_invoke_id, specifications, self_descriptive=self_descriptive, break_on_error=break_on_error
        )
        octets = request.to_bytes()
        if len(octets) > self._most_request_octets:
            raise ValueError(f"an access-request of {len(octets)} octets, {self._most_request_octets} are possible")
        received = self._exchange(octets, request.long_invoke)
        if not isinstance(received.answer, xdlms.AccessResponse):
            raise unexpected(received, "access-response")
        return access_results(request, received)

    def send_unconfirmed_set(self, item: Item, data: bytes) -> None:
        """Write one attribute without asking for an answer; ``ValueError`` where one request does not take it."""
        invoke = self.next_invoke() & ~_CONFIRMED_NORMAL
        request = xdlms.SetRequestNormal(invoke=invoke, attribute=item[0], selection=item[1], data=data)
        self._send_unconfirmed(request.to_bytes(), invoke)

    def send_unconfirmed_action(self, method: xdlms.MethodDescriptor, parameter: bytes | None) -> None:
        """Invoke one method without asking for an answer; ``ValueError`` where one request does not take it."""
        invoke = self.next_invoke() & ~_CONFIRMED_NORMAL
        request = xdlms.ActionRequestNormal(invoke=invoke, method=method, parameter=parameter)
        self._send_unconfirmed(request.to_bytes(), invoke)

    def _send_unconfirmed(self, request: bytes, invoke: int) -> None:
        if len(request) > self._most_request_octets:
            raise ValueError(f"a request of {len(request)} octets; unconfirmed ones are not sent in blocks")
        if self._deliver is None:
            raise ValueError("nothing here sends unconfirmed requests")
        self._deliver(request, invoke)

    def _action_in_blocks(self, method: xdlms.MethodDescriptor, parameter: bytes, invoke: int) -> Received:
        head = xdlms.ActionRequestWithFirstPblock(invoke=invoke, method=method, last=False, block_number=1, raw=b"")
        received: Received | None = None
        for number, last, part in self._portions(parameter, first_header_octets=len(head.to_bytes())):
            request: xdlms.ActionRequestWithFirstPblock | xdlms.ActionRequestWithPblock
            if number == 1:
                request = xdlms.ActionRequestWithFirstPblock(
                    invoke=invoke, method=method, last=last, block_number=1, raw=part
                )
            else:
                request = xdlms.ActionRequestWithPblock(invoke=invoke, last=last, block_number=number, raw=part)
            received = self._exchange(request.to_bytes(), invoke)
            if last or isinstance(received.answer, xdlms.ActionResponseNormal):
                return received
            if not isinstance(received.answer, xdlms.ActionResponseNextPblock):
                raise unexpected(received, "action-response-next-pblock")
            if received.answer.block_number != number:
                raise ProtocolViolation(f"block {received.answer.block_number} acknowledged where {number} was sent")
        raise ValueError("an ACTION parameter of no octets")

    def _action_result(self, received: Received, invoke: int) -> ActionResult:
        answer = received.answer
        if isinstance(answer, xdlms.ActionResponseWithPblock):
            raw = bytearray()
            count = BlockCount(self._largest_answer_octets)
            while True:
                if not isinstance(answer, xdlms.ActionResponseWithPblock):
                    raise unexpected(received, "action-response-with-pblock")
                count.take(answer.block_number, len(answer.raw))
                raw += answer.raw
                if answer.last:
                    break
                request = xdlms.ActionRequestNextPblock(invoke=invoke, block_number=answer.block_number)
                received = self._exchange(request.to_bytes(), invoke)
                answer = received.answer
            answer = xdlms.decode_answer(bytes([0xC7, 1, invoke]) + raw)
        if not isinstance(answer, xdlms.ActionResponseNormal):
            raise unexpected(received, "action-response-normal")
        return ActionResult(
            result=answer.result,
            data=answer.return_data,
            data_result=answer.return_result,
            frame=received.frame,
        )


def unexpected(received: Received, due: str) -> ProtocolViolation | Refused:
    """Return the exception for a well-formed answer of another kind than the request asks for."""
    name = answer_name(received.answer)
    if name.startswith(("exception:", "confirmed:")):
        return Refused(f"{received.answer.describe()} instead of {due}", name)
    return ProtocolViolation(f"{received.answer.describe()} instead of {due}")
