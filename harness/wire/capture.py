"""Captures: the frames of one result key as pcapng, each with the step, clauses and decoded event as comments."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from harness.wire.pcapng import PcapngWriter

__all__ = ["octets_of", "write_pcapng"]

Record = Mapping[str, Any]


def write_pcapng(path: Path, records: Iterable[Record], *, clauses: Sequence[str] = ()) -> int:
    """Write the ``tx`` and ``rx`` records of one key to ``path`` and return how many packets there are.

    ``records`` are those of ``trace.jsonl``, any others among them are left out. Each door is one interface. Time is
    the wall clock at the door's first frame plus the line time since then, so distances are those on the line, also
    where the line is virtual. The file appears whole or not at all.
    """
    unfinished = path.with_name(path.name + ".part")
    origins: dict[str, float] = {}
    count = 0
    with unfinished.open("wb") as file:
        writer = PcapngWriter(file, application="Conformeter")
        for record in records:
            if record["kind"] not in ("tx", "rx"):
                continue
            door, line_time_s = record["door"], record["t"]
            origin = origins.setdefault(door, record["wall"] - line_time_s)
            writer.packet(
                octets_of(record["data"]),
                interface=door,
                time_s=origin + line_time_s,
                direction=_direction(record["kind"]),
                comments=_comments(record, clauses),
            )
            count += 1
    os.replace(unfinished, path)
    return count


def octets_of(data: str) -> bytes:
    """Return the octets of a record's ``data``; masked ones (``**``) become 00."""
    return bytes.fromhex(data.replace("**", "00"))


def _direction(kind: str) -> Literal["tx", "rx"]:
    return "tx" if kind == "tx" else "rx"


def _comments(record: Record, clauses: Sequence[str]) -> list[str]:
    """Return what a reader of the capture should know about one frame."""
    comments = [f"frame {record['n']}, link {record['link']}, line time {record['t']:.6f} s"]
    if record.get("step"):
        comments.append(f"step: {record['step']}")
    if clauses:
        comments.append(f"clauses: {', '.join(clauses)}")
    if record.get("event"):
        comments.append(f"event: {record['event']}")
    spans = record.get("masked") or _masked_spans(record["data"])
    if spans:
        where = ", ".join(f"{length} from octet {offset}" for offset, length in spans)
        comments.append(f"masked: secret octets are written as 00 ({where})")
    return comments


def _masked_spans(data: str) -> list[tuple[int, int]]:
    return [(match.start() // 2, len(match.group()) // 2) for match in re.finditer(r"(?:\*\*)+", data)]
