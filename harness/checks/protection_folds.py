"""The folds about protection: they judge headers, which anybody on the line can see, and need no keys."""

from collections.abc import Mapping
from typing import Any, Final

from harness.checks.judged import Breach
from harness.errors import DecodeError
from harness.protocol import acse, security
from harness.protocol import apdu as xdlms

__all__ = ["ChallengesNew", "CountersRise", "DataProtected"]

Link = tuple[str, int]

_ACTION_NORMAL, _ACTION_DONE = b"\xc3\x01", b"\xc7\x00"
"""Of the answer tag and result; between them stand choice and invoke-id."""
_SECURITY_SETUP: Final = b"\x00\x40"
_KEY_METHODS = (b"\x02", b"\x03")
_AARQ, _AARE, _RLRE = b"\x60", b"\x61", b"\x63"
_DEDICATED = frozenset({*range(0x41, 0x59), *range(0xD0, 0xD8), 0xDC})
_CONTROL_AT, _COUNTER_AT = 1, 2
_HEADER_OCTETS: Final = _COUNTER_AT + security.COUNTER_OCTETS
_BOTH: Final = security.AUTHENTICATED | security.ENCRYPTED
_BIT_WORDS = {security.AUTHENTICATED: "authentication", security.ENCRYPTED: "encryption"}


def _transfers_keys(octets: bytes) -> bool:
    """Whether a request is an ACTION by which a security setup takes new keys, transferred or agreed on."""
    return octets[:2] == _ACTION_NORMAL and octets[3:5] == _SECURITY_SETUP and octets[11:12] in _KEY_METHODS


def _challenge(aare: bytes) -> bytes | None:
    """Return the challenge in an AARE that lets a client in; what does not decode is for others to judge."""
    try:
        answer = acse.Aare.from_bytes(aare)
    except DecodeError:
        return None
    return answer.authentication_value if answer.result == 0 else None


def _header(record: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return the header of a record's protection and the name of the keys; both empty for a plain one."""
    header, _, name = str(record.get("security", "")).partition(" ")
    return bytes.fromhex(header), name


class CountersRise:
    """Under one key the device's invocation counters rise from answer to answer, over all connections of the run.

    Answers are ordered by their requests: a counter has to be above those of all answers that were there before the
    request was sent. The same octets once more are a repetition on the line. Where keys were transferred they begin
    anew, under the key of before as well: a head end may put that one back, and no device knows that it had it already.
    """

    def __init__(self) -> None:
        self.seen = 0
        self._heard: dict[tuple[object, ...], tuple[int, str]] = {}
        """Highest counter of a key, and the answer that had it."""
        self._before: dict[Link, dict[tuple[object, ...], int]] = {}
        """What was the highest when the last request of a connection was sent."""
        self._transferring: set[Link] = set()
        """Connections whose last request transfers keys."""

    def take_record(self, link: Link, record: Mapping[str, Any]) -> Breach | None:
        """Judge one record."""
        octets = bytes.fromhex(str(record["data"]).replace("**", "00"))
        if record["kind"] == "apdu_tx":
            self._before[link] = {key: counter for key, (counter, _) in self._heard.items()}
            (self._transferring.add if _transfers_keys(octets) else self._transferring.discard)(link)
        header, name = _header(record)
        if record["kind"] != "apdu_rx" or len(header) < _HEADER_OCTETS or not name:
            return None
        key = (name, link) if header[0] in _DEDICATED else (name,)
        counter = int.from_bytes(header[_COUNTER_AT:], "big")
        answer = f"{header.hex()} {record['data']}"
        highest, last = self._heard.get(key, (-1, ""))
        floor = self._before.get(link, {}).get(key, -1)
        self.seen += 1
        if answer == last:
            return None
        if counter <= floor or counter == highest:
            return Breach(
                expected=f"an invocation counter of the device above {max(floor, highest)}, the last under this key",
                observed=f"{counter}",
            )
        if counter > highest:
            self._heard[key] = (counter, answer)
        if link in self._transferring and octets[:1] + octets[3:4] == _ACTION_DONE:
            self._forget(key)
        return None

    def _forget(self, key: tuple[object, ...]) -> None:
        self._heard.pop(key, None)
        for counters in self._before.values():
            counters.pop(key, None)


class ChallengesNew:
    """No two associations get the same challenge: the answer to one that comes again can be sent again by anybody.

    A request that comes once more, as on a line that repeats, may get its answer once more.
    """

    def __init__(self) -> None:
        self.seen = 0
        self._asked: dict[Link, bytes] = {}
        self._given: dict[bytes, bytes] = {}
        """Challenge -> the request that it was given to."""

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Remember an AARQ and judge the challenge in its AARE."""
        if kind == "apdu_tx" and octets[:1] == _AARQ:
            self._asked[link] = octets
        if kind != "apdu_rx" or octets[:1] != _AARE or link not in self._asked:
            return None
        asked, challenge = self._asked.pop(link), _challenge(octets)
        if not challenge:
            return None
        self.seen += 1
        if self._given.setdefault(challenge, asked) != asked:
            return Breach(expected="a challenge that no association was given before", observed=challenge.hex(" "))
        return None


class DataProtected:
    """In a ciphered association no data comes protected less than its request and the association demand."""

    def __init__(self) -> None:
        self.seen = 0
        self._agreed: dict[Link, int] = {}
        """Bits of the control octet with which the association was asked for."""
        self._asked: dict[Link, int] = {}

    def take_record(self, link: Link, record: Mapping[str, Any]) -> Breach | None:
        """Follow associations and requests, and judge answers with data."""
        octets = bytes.fromhex(record.get("data", "").replace("**", "00"))
        header, _ = _header(record)
        if record["kind"] == "apdu_tx":
            self._note_request(link, octets, header)
        elif record["kind"] == "apdu_rx" and octets[:1] == _RLRE:
            self._agreed.pop(link, None)
        elif record["kind"] == "apdu_rx" and link in self._agreed and _carries_data(octets):
            self.seen += 1
            return self._judged(link, header)
        return None

    def _note_request(self, link: Link, octets: bytes, header: bytes) -> None:
        if octets[:1] == _AARQ:
            agreed = _agreed(octets)
            if agreed is None:
                self._agreed.pop(link, None)
            else:
                self._agreed[link] = agreed
        self._asked[link] = header[_CONTROL_AT] & _BOTH if len(header) > _CONTROL_AT else 0

    def _judged(self, link: Link, header: bytes) -> Breach | None:
        if len(header) == 1:
            return None  # protection from end to end, of which the header does not tell
        has = header[_CONTROL_AT] if header else 0
        lacks = (self._agreed[link] | self._asked.get(link, 0)) & ~has & _BOTH
        if not lacks:
            return None
        words = " and ".join(word for bit, word in _BIT_WORDS.items() if lacks & bit)
        form = "protected less" if header else "in clear"
        return Breach(expected=f"data with {words}, as request and association demand", observed=f"data {form}")


def _agreed(aarq: bytes) -> int | None:
    """Return the protection of the InitiateRequest in an AARQ of a ciphered context, None in other contexts."""
    try:
        request = acse.Aarq.from_bytes(aarq)
    except DecodeError:
        return None
    if request.context != acse.ApplicationContext.LOGICAL_NAME_CIPHERED:
        return None
    header = security.header_of(request.user_information or b"")
    return header[_CONTROL_AT] & _BOTH if len(header) > _CONTROL_AT else None


def _carries_data(octets: bytes) -> bool:
    """Whether a plain answer has data in it; one that does not decode has been judged where it came in."""
    try:
        answer = xdlms.decode_answer(octets)
    except DecodeError:
        return False
    match answer:
        case xdlms.GetResponseNormal():
            return answer.result is None
        case xdlms.GetResponseWithDatablock():
            return answer.raw is not None
        case xdlms.GetResponseWithList():
            return any(not isinstance(one, int) for one in answer.items)
        case xdlms.ActionResponseNormal():
            return answer.return_data is not None
        case _:
            return isinstance(answer, xdlms.DataNotification | xdlms.EventNotification)
