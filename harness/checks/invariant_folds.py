"""The folds of the invariants; each keeps the state of the links that it follows."""

from collections import Counter
from collections.abc import Callable

from harness.checks.judged import Breach
from harness.errors import DecodeError
from harness.protocol import acse
from harness.protocol import apdu as xdlms
from harness.protocol.answer_name import answer_names

__all__ = ["AnswerCount", "BlockOrder", "ConformanceSubset", "InvokeIdEcho", "KnownErrors", "PduSize"]

Link = tuple[str, int]

_AARQ, _AARE, _RLRQ, _RLRE = 0x60, 0x61, 0x62, 0x63
_REQUESTS = frozenset({0xC0, 0xC1, 0xC3})
_ANSWERS = frozenset({0xC4, 0xC5, 0xC7})
_ACCESS_REQUEST, _ACCESS_RESPONSE = 0xD9, 0xDA
_CONFIRMED = 0x40
"""Of the octet with the invoke-id, or of the first of four."""
_LONG = 1 << 24
"""Tells the long invoke-ids of ACCESS from short ones."""
_ERRORS = frozenset({0xD8, 0x0E})
_WRAPPER_VERSION = b"\x00\x01"
_WRAPPER_HEAD_OCTETS = 8
_BLOCK_NUMBER = slice(4, 8)
_LAST_GENERAL_BLOCK = 0x80
_LEAST_PDU_OCTETS = 12
"""Smaller sizes are announced only to see whether they are refused."""


class _Repeats:
    """Sees when a wrapper frame is sent once more, which makes it another request for the device."""

    def __init__(self) -> None:
        self._to_be_sent: set[Link] = set()

    def note_request(self, link: Link) -> None:
        """Note an APDU; its own frame follows."""
        self._to_be_sent.add(link)

    def is_repeated(self, link: Link, frame: bytes) -> bool:
        """Take a frame that leaves; HDLC's own repetitions never reach the application."""
        repeated = link not in self._to_be_sent
        self._to_be_sent.discard(link)
        return repeated and frame[:2] == _WRAPPER_VERSION


class InvokeIdEcho:
    """Every answer names the invoke-id of a request that still waits."""

    def __init__(self) -> None:
        self.seen = 0
        self._waiting: dict[Link, Counter[int]] = {}
        self._repeats = _Repeats()

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Follow requests and judge answers."""
        waiting = self._waiting.setdefault(link, Counter())
        if kind == "tx":
            if self._repeats.is_repeated(link, octets):
                self._ask(waiting, octets[_WRAPPER_HEAD_OCTETS:])
        elif kind == "apdu_tx":
            self._repeats.note_request(link)
            self._ask(waiting, octets)
        elif (invoke_id := _invoke_id(octets, _ANSWERS, _ACCESS_RESPONSE)) is not None:
            self.seen += 1
            if not waiting[invoke_id]:
                due = ", ".join(_invoke_text(one) for one in sorted(waiting) if waiting[one]) or "none"
                return Breach(
                    expected=f"an answer to a request that waits (invoke-id {due})",
                    observed=f"an answer with invoke-id {_invoke_text(invoke_id)}",
                )
            waiting[invoke_id] -= 1
        return None

    @staticmethod
    def _ask(waiting: Counter[int], apdu: bytes) -> None:
        invoke_id = _invoke_id(apdu, _REQUESTS, _ACCESS_REQUEST)
        if invoke_id is not None and not _is_unconfirmed(apdu):
            waiting[invoke_id] += 1


class AnswerCount:
    """There are no more answers than requests; a repeated datagram counts as another request.

    A request that asks for no answer gets none; that it may not be served at all may be said.
    """

    def __init__(self) -> None:
        self.seen = 0
        self._may_be_refused: Counter[Link] = Counter()
        self._balance: Counter[Link] = Counter()
        self._repeats = _Repeats()

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Count requests up and answers down."""
        if not octets:
            return None
        if kind == "tx":
            self._balance[link] += self._repeats.is_repeated(link, octets)
        elif kind == "apdu_tx":
            self._repeats.note_request(link)
            unconfirmed = _is_unconfirmed(octets)
            self._balance[link] += not unconfirmed
            self._may_be_refused[link] += unconfirmed
        elif octets[0] in _ANSWERS | _ERRORS | {_AARE, _RLRE, _ACCESS_RESPONSE}:
            self.seen += 1
            if octets[0] in _ERRORS and not self._balance[link] and self._may_be_refused[link]:
                self._may_be_refused[link] -= 1
                return None
            self._balance[link] -= 1
            if self._balance[link] < 0:
                return Breach(expected="one answer to each request", observed="an answer more than there were requests")
        return None


class ConformanceSubset:
    """The negotiated conformance has only proposed bits."""

    def __init__(self) -> None:
        self.seen = 0
        self._proposed: dict[Link, xdlms.Conformance] = {}

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Remember what an AARQ proposes and judge the AARE."""
        if kind == "apdu_tx" and octets[:1] == bytes([_AARQ]):
            request = initiate_request(octets)
            if request is not None:
                self._proposed[link] = request.conformance
        elif kind == "apdu_rx" and octets[:1] == bytes([_AARE]) and link in self._proposed:
            response = initiate_response(octets)
            if response is not None:
                self.seen += 1
                added = response.conformance & ~self._proposed[link]
                if added:
                    return Breach(
                        expected=f"services among the proposed ones ({self._proposed[link].describe()})",
                        observed=f"also {added.describe()}",
                    )
        return None


class PduSize:
    """No answer within an association is longer than the client's max-receive-pdu-size.

    A device that lets a client in with a size that no answer can have is found by the scenario that asks for it.
    """

    def __init__(self) -> None:
        self.seen = 0
        self._limit: dict[Link, int] = {}
        self._put_together: set[Link] = set()
        """Where the next APDU is what general blocks have been put together to; it has come in no piece of its own."""

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Remember what an AARQ announces and measure answers."""
        if kind == "apdu_tx" and octets[:1] == bytes([_AARQ]):
            request = initiate_request(octets)
            self._limit[link] = request.client_max_receive_pdu_size if request else 0
        elif kind == "apdu_rx" and octets[:1] != bytes([_AARE]) and self._limit.get(link, 0) >= _LEAST_PDU_OCTETS:
            is_block = octets[:1] == bytes([xdlms.GENERAL_BLOCK_TRANSFER_TAG])
            if link in self._put_together and not is_block:
                self._put_together.discard(link)
                return None
            if is_block and octets[1:2] and octets[1] & _LAST_GENERAL_BLOCK:
                self._put_together.add(link)
            self.seen += 1
            if len(octets) > self._limit[link]:
                return Breach(
                    expected=f"at most {self._limit[link]} octets an APDU, as announced in the AARQ",
                    observed=f"{len(octets)} octets",
                )
        return None


class BlockOrder:
    """Blocks of one long GET are numbered 1, 2, 3 ...; a read in which we asked out of order is not followed."""

    def __init__(self) -> None:
        self.seen = 0
        self._due: dict[Link, int | None] = {}

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Follow GET requests and judge the numbers of their blocks."""
        if len(octets) < 3:
            return None
        if kind == "apdu_tx" and octets[0] == 0xC0:
            if octets[1] != 2:
                self._due[link] = 1
            elif self._due.get(link) != int.from_bytes(octets[3:7], "big") + 1:
                self._due[link] = None
        elif kind == "apdu_rx" and octets[:2] == b"\xc4\x02" and len(octets) > 8:
            due = self._due.get(link)
            has_data = octets[8] == 0
            if due is None or not has_data:
                return None
            self.seen += 1
            number = int.from_bytes(octets[_BLOCK_NUMBER], "big")
            if number != due:
                return Breach(expected=f"block {due}", observed=f"block {number}")
            self._due[link] = due + 1
        return None


class KnownErrors:
    """Every error answer is one of the catalogue."""

    def __init__(self, known_answer: Callable[[str], bool]) -> None:
        self.seen = 0
        self._known_answer = known_answer

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Name the errors in an answer and look each of them up."""
        if kind != "apdu_rx":
            return None
        try:
            answer = xdlms.decode_answer(octets)
        except DecodeError:
            return None  # a malformed answer has been judged where it came in
        for name in answer_names(answer):
            self.seen += 1
            if not self._known_answer(name):
                return Breach(expected="an error code of the catalogue", observed=f"{name} in {answer.describe()}")
        return None


def _invoke_id(apdu: bytes, short: frozenset[int], access: int) -> int | None:
    if len(apdu) >= 3 and apdu[0] in short:
        return apdu[2] & 0x0F
    if len(apdu) >= 5 and apdu[0] == access:
        return _LONG | int.from_bytes(apdu[2:5], "big")
    return None


def _invoke_text(invoke_id: int) -> str:
    return f"long {invoke_id & ~_LONG}" if invoke_id & _LONG else str(invoke_id)


def _is_unconfirmed(apdu: bytes) -> bool:
    """Whether it is a sound SET, ACTION or ACCESS that asks for no answer; of others nobody knows what they ask for."""
    flags_at = {0xC1: 2, 0xC3: 2, _ACCESS_REQUEST: 1}.get(apdu[0] if apdu else 0)
    if flags_at is None or len(apdu) <= flags_at or apdu[flags_at] & _CONFIRMED:
        return False
    try:
        xdlms.decode_request(apdu)
    except DecodeError:
        return False
    return True


def initiate_request(aarq: bytes) -> xdlms.InitiateRequest | None:
    """Return the InitiateRequest in an AARQ of ours, or None where it cannot be seen."""
    try:
        return xdlms.InitiateRequest.from_bytes(acse.Aarq.from_bytes(aarq).user_information)
    except DecodeError:
        return None


def initiate_response(aare: bytes) -> xdlms.InitiateResponse | None:
    """Return the InitiateResponse in an AARE, or None where there is none to be seen."""
    try:
        information = acse.Aare.from_bytes(aare).user_information
        return xdlms.InitiateResponse.from_bytes(information) if information else None
    except DecodeError:
        return None
