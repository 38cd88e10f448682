"""The octets of one record of the trace for people: as hex with what matters marked, and field by field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Any

from harness.report.mbus_octets import map_mbus
from harness.report.value_octets import value_parts
from harness.wire.capture import octets_of
from harness.wire.dissection import FrameProtocol
from harness.wire.octet_map import OctetField, map_apdu, map_frame

__all__ = ["OctetRow", "Octets", "octets_for_people", "protocol_of"]

Record = Mapping[str, Any]

_MOST_OCTETS = 512
_MOST_ROWS = 80
_MOST_IN_A_ROW = 16
_MOST_CHARACTERS = 160
_READABLE = re.compile(r"\w{3}")
_CARRIERS = frozenset({"DLMS wrapper", "HDLC frame", "LLC", "HDLC parameters"})
_ENVELOPE = frozenset(
    {
        "tag",
        "choice",
        "invoke_id_and_priority",
        "length",
        "count",
        "last_block",
        "block_number",
        "title_length",
        "system_title",
        "security_control",
        "invocation_counter",
        "address_length",
        "start",
        "start again",
        "length again",
        "checksum",
        "stop",
    }
)
"""Fields that say how an APDU is made; the others are what it says."""
_SAID_BY_ACSE = frozenset({"result", "result-source-diagnostic", "called-AP-title or result"})
_LEADS: dict[tuple[str, str], tuple[bytes, dict[int, int]]] = {
    ("get-response", "data"): (b"\xc4\x01", {-1: 0}),
    ("get-request", "rest"): (b"\xc0\x01", {0: 1, 1: 2}),
    ("set-request", "rest"): (b"\xc1\x01", {0: 1, 1: 2}),
    ("action-request", "rest"): (b"\xc3\x01", {0: 1, 1: 1}),
    ("action-response", "rest"): (b"\xc7\x01", {0: 1, 1: 2}),
    ("data-notification", "body"): (b"\x0f", {-1: 0}),
}
"""Layer and field with a COSEM value -> how the APDU begins for that, and how many octets stand in front of the value
by what the first of them is (-1: whatever it is)."""
_IN_WORDS = {"called-AP-title or result": "result", "rest": "what follows", "instance": "logical name (OBIS)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OctetRow:
    """One field."""

    start: int
    end: int
    octets: str
    layer: str
    name: str
    meaning: str
    matters: bool
    """Whether it is what the message says, and not how it is carried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Octets:
    """One record."""

    number: int
    spans: tuple[tuple[str, bool], ...]
    """Hex in pairs, and whether it is to be marked; masked octets are ``**``."""
    rows: tuple[OctetRow, ...]
    left_out: int
    """How many fields more there are than are shown."""
    length: int
    text: str | None
    """What the octets say as characters, where they are that."""
    deciphered: bool
    """They are the content of a ciphered message."""


def octets_for_people(record: Record) -> Octets | None:
    """Return what can be shown of a record; None for one without octets."""
    data = record.get("data") or ""
    if not data:
        return None
    octets = octets_of(data)
    pairs = re.findall("..", data)
    rows = [
        replace(row, octets=_hex(pairs[row.start : row.end]), meaning=_unless_masked(row, pairs))
        for row in _rows(record, octets)
        if row.end <= len(octets)
    ]
    return Octets(
        number=record["n"],
        spans=_spans(pairs, rows),
        rows=tuple(rows[:_MOST_ROWS]),
        left_out=max(len(rows) - _MOST_ROWS, 0),
        length=len(octets),
        text=None if rows else _text(octets),
        deciphered=bool(record.get("security")),
    )


def protocol_of(octets: bytes) -> FrameProtocol | None:
    """Return what carries DLMS in a frame, by how it begins; None where nothing does."""
    if octets.startswith(b"\x7e"):
        return "hdlc"
    return "wrapper" if octets.startswith(b"\x00\x01") else None


def _rows(record: Record, octets: bytes) -> Iterator[OctetRow]:
    fields = _fields(record, octets)
    apdu = next((field.start for field in fields if field.layer not in _CARRIERS), 0)
    element = ""
    for field in fields:
        if field.layer == "ACSE element":
            # Tag, length and contents are one thing to a reader.
            element = field.meaning if field.name == "tag" else element
            if field.name == "contents":
                yield _row(field, name=element, meaning=_number(octets, field), matters=element in _SAID_BY_ACSE)
        elif (lead := _lead(octets[apdu:], octets[field.start :], field)) is not None:
            yield from _value_rows(octets, field, lead)
        else:
            matters = field.layer not in {*_CARRIERS, "ACSE"} and field.name not in _ENVELOPE
            yield _row(field, matters=matters)


def _lead(apdu: bytes, content: bytes, field: OctetField) -> int | None:
    """Return how many octets of a field stand in front of a COSEM value; None where it holds no whole value."""
    leads = _LEADS.get((field.layer, field.name))
    if leads is None or field.end == field.start or not apdu.startswith(leads[0]):
        return None
    return leads[1].get(content[0], leads[1].get(-1))


def _value_rows(octets: bytes, field: OctetField, lead: int) -> Iterator[OctetRow]:
    start = field.start + lead
    if lead:
        chosen = "none" if octets[field.start] == 0 else f"selector {octets[start - 1]}" if lead > 1 else "given"
        yield _row(replace(field, end=start, meaning=chosen), name="access or parameter", matters=True)
    if start < field.end:
        for begin, end, kind, value in islice(value_parts(octets[: field.end], start), 10 * _MOST_ROWS):
            yield _row(replace(field, start=begin, end=end, meaning=value), name=kind, matters=True)


def _fields(record: Record, octets: bytes) -> tuple[OctetField, ...]:
    if record["kind"].startswith("apdu"):
        return map_apdu(octets)
    protocol = protocol_of(octets)
    return map_frame(octets, protocol) if protocol else map_mbus(octets)


def _row(field: OctetField, *, matters: bool, name: str | None = None, meaning: str | None = None) -> OctetRow:
    return OctetRow(
        start=field.start,
        end=field.end,
        octets="",
        layer=field.layer,
        name=_IN_WORDS.get(name or field.name, name or field.name).replace("_", " "),
        meaning=_short(field.meaning if meaning is None else meaning, field.end - field.start),
        matters=matters,
    )


def _short(meaning: str, octets: int) -> str:
    return meaning if len(meaning) <= _MOST_CHARACTERS else f"{octets} octets"


def _number(octets: bytes, field: OctetField) -> str:
    """Return the number at the end of the contents of an element, where BER says that there is one."""
    contents = octets[field.start : field.end]
    return str(contents[-1]) if contents[-3:-1] == b"\x02\x01" else ""


def _unless_masked(row: OctetRow, pairs: list[str]) -> str:
    return "a secret, masked when it was written" if "**" in pairs[row.start : row.end] else row.meaning


def _hex(pairs: list[str]) -> str:
    more = " …" if len(pairs) > _MOST_IN_A_ROW else ""
    return " ".join(pairs[:_MOST_IN_A_ROW]) + more


def _spans(pairs: list[str], rows: list[OctetRow]) -> tuple[tuple[str, bool], ...]:
    marked = {at for row in rows if row.matters for at in range(row.start, min(row.end, _MOST_OCTETS))}
    groups = groupby(range(min(len(pairs), _MOST_OCTETS)), key=marked.__contains__)
    return tuple((" ".join(pairs[at] for at in places), is_marked) for is_marked, places in groups)


def _text(octets: bytes) -> str | None:
    """Return octets that are mostly characters, such as a telegram, as text: parity away, others as dots."""
    plain = bytes(octet & 0x7F for octet in octets).decode("ascii").replace("\r\n", "\n")
    text = re.sub(r"[^\x20-\x7e\n]", "·", plain)
    return text if len(text) > 2 and text.count("·") <= len(text) // 2 and _READABLE.search(text) else None
