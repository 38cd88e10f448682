"""How well a run has used its serial lines: the share of the exchange time in which octets were on the line."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

__all__ = ["LINE_SET", "LineRate", "LineUse", "describe_line_use", "line_uses"]

LINE_SET: Final = "line set to"
"""How the event of a record begins that tells of another rate and framing."""
_ENDS: Final = frozenset({"quiet", "lost", "close", "open"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRate:
    """What is declared of one serial door."""

    baud: int
    bits: int
    """Bits that one octet takes, with start, parity and stop bits."""
    reaction_s: float
    """Time from the end of a request to the start of its answer that is the device's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUse:
    """What the exchanges of one door took."""

    door: str
    octets: int
    """Of both directions."""
    line_s: float
    """Time that these octets take on the line."""
    exchange_s: float
    """From the first octet of a request to the end of its answer, and on to the next request of the same step."""
    reactions: int
    """Requests that were answered."""
    reaction_s: float
    """The part of the exchange time that is the device's, never more than declared for each answer."""

    @property
    def per_cent(self) -> float:
        """The share of the exchange time, outside reaction times, in which the line was busy."""
        left_s = self.exchange_s - self.reaction_s
        return 100.0 * min(self.line_s / left_s, 1.0) if left_s > 0 else 100.0

    def to_json(self) -> dict[str, Any]:
        """Return one entry of ``line_use`` in ``verdicts.json``; times in s."""
        numbers = {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return {**numbers, "per_cent": round(self.per_cent, 2)}


def line_uses(records: Iterable[Mapping[str, Any]], lines: Mapping[str, LineRate]) -> tuple[LineUse, ...]:
    """Return the figure of each of ``lines`` (by door) with an exchange among the ``records`` of a trace.

    A request that nothing answered is no exchange: its silence is the device's. Between an answer and the next
    request the line idles through our doing, unless another step began or the run did something else meanwhile.
    """
    tallies = {door: _Tally(rate) for door, rate in lines.items()}
    links: dict[tuple[str, str, int], _Link] = {}
    for record in records:
        door = record.get("door")
        if door is None:
            for link in links.values():
                link.pause()
        elif door in tallies:
            where = (record["key"], door, record["link"])
            if where not in links:
                links = _still_open(links, record["key"])
                links[where] = _Link(tallies[door])
            links[where].take(record)
    _still_open(links, None)
    found = ((door, tally.use(door)) for door, tally in tallies.items())
    return tuple(use for _, use in found if use.reactions)


def _still_open(links: dict[tuple[str, str, int], "_Link"], key: str | None) -> dict[tuple[str, str, int], "_Link"]:
    """Return the links of a result key; those of others are over."""
    for where, link in links.items():
        if where[0] != key:
            link.pause()
    return {where: link for where, link in links.items() if where[0] == key}


def describe_line_use(use: Mapping[str, Any]) -> str:
    """Return one entry of ``line_use`` as the line that a run prints."""
    return (
        f"line {use['door']}: busy {use['per_cent']:.1f} per cent of the exchange time outside the reaction times "
        f"({use['octets']} octets, {use['line_s']:.1f} s; exchanges {use['exchange_s']:.1f} s, "
        f"{use['reaction_s']:.1f} s of it for {use['reactions']} reactions)"
    )


class _Tally:
    """Sums of one door."""

    def __init__(self, rate: LineRate) -> None:
        self.rate = rate
        self.octets = self.reactions = 0
        self.line_s = self.exchange_s = self.reaction_s = 0.0

    def use(self, door: str) -> LineUse:
        return LineUse(
            door=door,
            octets=self.octets,
            line_s=self.line_s,
            exchange_s=self.exchange_s,
            reactions=self.reactions,
            reaction_s=self.reaction_s,
        )


class _Link:
    """One connection: its turn, from the first frame of a request to the last frame of the answer."""

    def __init__(self, tally: _Tally) -> None:
        self._tally = tally
        self._octet_s = tally.rate.bits / tally.rate.baud
        self._began: float | None = None
        self._answered: float | None = None
        """Line time at which the answer has come so far."""
        self._octets = 0
        self._line_s = 0.0
        self._follows: tuple[float, str] | None = None
        """When the last answer was there, and in which step, as long as nothing came between."""

    def take(self, record: Mapping[str, Any]) -> None:
        match record["kind"]:
            case "tx":
                self._sent(record)
            case "rx" if self._began is not None:
                self._add(record)
                self._answered = record["t"]
                self._follows = (record["t"], record["step"])
            case kind if kind in _ENDS:
                self._end()
                self._follows = None
            case "note" if str(record.get("event", "")).startswith(LINE_SET):
                self._end()
                self._follows = None
                baud = int(record["event"].removeprefix(LINE_SET).split()[0])
                self._octet_s = self._tally.rate.bits / baud

    def pause(self) -> None:
        """Note that the run does something else before the next request."""
        if self._answered is not None:
            self._end()
        if self._began is None:
            self._follows = None

    def _sent(self, record: Mapping[str, Any]) -> None:
        if self._answered is not None:
            self._end()
        if self._began is None:
            self._began = record["t"]
            if self._follows is not None and self._follows[1] == record["step"]:
                self._tally.exchange_s += record["t"] - self._follows[0]
        self._add(record)

    def _add(self, record: Mapping[str, Any]) -> None:
        octets = len(record["data"]) // 2
        self._octets += octets
        self._line_s += octets * self._octet_s

    def _end(self) -> None:
        """Count the turn, if it has been answered."""
        if self._began is not None and self._answered is not None:
            tally = self._tally
            turn_s = self._answered - self._began
            tally.octets += self._octets
            tally.line_s += self._line_s
            tally.exchange_s += turn_s
            tally.reactions += 1
            tally.reaction_s += min(tally.rate.reaction_s, max(turn_s - self._line_s, 0.0))
        self._began = self._answered = None
        self._octets, self._line_s = 0, 0.0
