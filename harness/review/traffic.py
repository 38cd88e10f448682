"""What the traffic of a door shows: a fold over the records of a trace, in flat memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from harness.errors import DecodeError
from harness.protocol import hdlc

__all__ = ["DoorTraffic", "fold_traffic"]

_MOST_TIMES: Final = 10_000
_BITS_AN_OCTET: Final = 10


@dataclass(kw_only=True)
class DoorTraffic:
    """Sizes and times that were observed at one door."""

    answers: int = 0
    slowest_s: float = 0.0
    slowest_frame: int | None = None
    longest_answer_octets: int = 0
    longest_answer_frame: int | None = None
    longest_request_octets: int = 0
    strays: int = 0
    stray_frame: int | None = None
    negotiated: hdlc.Parameters | None = None
    """What the device said in its UA."""
    negotiated_frame: int | None = None
    longest_information_octets: int = 0
    """Of frames from the device that carry information."""
    times_s: list[float] = field(default_factory=list)
    octet_s: float = 0.0
    """Time that one octet takes on the line; zero where that is not worth mentioning."""
    sent_at: dict[int, float] = field(default_factory=dict)
    """Link -> line time at which the frame that waits for its answer has gone out."""

    @property
    def typical_s(self) -> float:
        """The median response time."""
        return median(self.times_s) if self.times_s else 0.0


def fold_traffic(
    records: Iterable[Mapping[str, Any]], protocols: Mapping[str, str], bauds: Mapping[str, int | None] | None = None
) -> dict[str, DoorTraffic]:
    """Return what was observed at each door; ``protocols`` and rates of the lines are those of the doors by id."""
    rates = {door: (bauds or {}).get(door) for door in protocols}
    found = {door: DoorTraffic(octet_s=_BITS_AN_OCTET / rate if rate else 0.0) for door, rate in rates.items()}
    for record in records:
        traffic = found.get(str(record.get("door", "")))
        if traffic is not None:
            _take(traffic, record, protocols[record["door"]] == "hdlc")
    return found


def _take(traffic: DoorTraffic, record: Mapping[str, Any], is_hdlc: bool) -> None:
    kind, octets = record["kind"], len(str(record.get("data", ""))) // 2
    link = int(record.get("link", 0))
    if kind == "tx":
        traffic.sent_at[link] = float(record["t"]) + octets * traffic.octet_s
    elif kind == "rx" and record.get("event") == "stray":
        traffic.strays += 1
        traffic.stray_frame = traffic.stray_frame or record["n"]
    elif kind == "rx":
        _take_answer(traffic, record, link, octets)
        if is_hdlc:
            _take_frame(traffic, record)
    elif kind == "apdu_tx":
        traffic.longest_request_octets = max(traffic.longest_request_octets, octets)
    elif kind == "apdu_rx" and octets > traffic.longest_answer_octets:
        traffic.longest_answer_octets, traffic.longest_answer_frame = octets, record["n"]
    elif kind in ("open", "close", "lost", "quiet"):
        traffic.sent_at.pop(link, None)


def _take_answer(traffic: DoorTraffic, record: Mapping[str, Any], link: int, octets: int) -> None:
    sent_at = traffic.sent_at.pop(link, None)
    if sent_at is None:
        return
    took_s = max(0.0, float(record["t"]) - octets * traffic.octet_s - sent_at)
    traffic.answers += 1
    if len(traffic.times_s) < _MOST_TIMES:
        traffic.times_s.append(took_s)
    if took_s > traffic.slowest_s:
        traffic.slowest_s, traffic.slowest_frame = took_s, record["n"]


def _take_frame(traffic: DoorTraffic, record: Mapping[str, Any]) -> None:
    try:
        frame = hdlc.Frame.from_bytes(bytes.fromhex(str(record["data"]).replace("**", "00")))
    except (DecodeError, ValueError):
        return  # masked octets make a wrong checksum; what was damaged is judged by scenarios
    kind = hdlc.Control.from_octet(frame.control).kind
    if kind is hdlc.FrameKind.UA and frame.information:
        try:
            traffic.negotiated = hdlc.Parameters.from_bytes(frame.information)
        except DecodeError:
            return
        traffic.negotiated_frame = record["n"]
    elif kind is hdlc.FrameKind.I:
        traffic.longest_information_octets = max(traffic.longest_information_octets, len(frame.information))
