"""How long a run would take, and what it waits for: reckoned from the costs of its scenarios, line rate and times."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

from harness.declaration import Declaration, Door
from harness.review.cost import MOMENTS, Cost
from harness.review.funnel import Fated

__all__ = ["Span", "Wait", "baud_of", "reckoned", "waits"]

_BITS_AN_OCTET: Final = 10
_CONNECT_S: Final = 0.05
_SHORTEST_SILENCE_S: Final = 2.0
_OWN_TIME_S: Final = 0.02
"""What the harness itself needs for one exchange: encoding, decoding, the trace."""
_QUICK, _TYPICAL = 0.1, 0.3
"""Parts of the declared response time that devices take, where nobody has measured it."""
_TELEGRAM_OCTETS: Final = {"p1": 414, "han": 260}
"""What the reference meter tells at once at a consumer port: so many octets are one period of listening."""
_PERIOD_S: Final = 900
_SETTING_S: Final = 5.0
"""Setting the clock to shortly before an instant, beside the lead."""
_LIKELIER, _LEAST = 1.5, 0.4
"""How far the number of exchanges of another device may be from that of the reference meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time in seconds: the likely one, and the limits in which it is thought to lie."""

    least_s: float = 0.0
    likely_s: float = 0.0
    most_s: float = 0.0

    def __add__(self, other: "Span") -> "Span":
        return Span(
            least_s=self.least_s + other.least_s,
            likely_s=self.likely_s + other.likely_s,
            most_s=self.most_s + other.most_s,
        )


@dataclass(kw_only=True)
class Wait:
    """One kind of moment and who waits for it."""

    moment: str
    items: list[str] = field(default_factory=list)
    """Result keys."""
    times: int = 0
    likely_s: float = 0.0


def baud_of(door: Door) -> int | None:
    """Return the rate of the line, None where the octets take no time worth mentioning."""
    rate = parse_qs(urlsplit(door.url).query).get("baud")
    if rate:
        return int(rate[0])
    return door.mbus.baud if door.mbus is not None and not door.is_virtual else None


def _waiting_s(cost: Cost, declaration: Declaration) -> Mapping[str, float]:
    """Return the real seconds that go into waiting, by what is waited for."""
    bench = declaration.bench
    if bench.time in (None, "reference"):
        return {}
    profile = declaration.profiles.get("load_profile")
    period_s = profile.period_s if profile is not None and profile.period_s else _PERIOD_S
    # Long stretches are so many capture periods, which are those of the reference meter.
    stretch = period_s / _PERIOD_S if cost.waited_s >= _PERIOD_S else 1.0
    found = {"time": min(cost.waited_s * stretch, bench.longest_run_s)} if cost.waited_s else {}
    for moment, count in cost.moments.items():
        found[moment] = count * (period_s if moment == "period end" else bench.lead_s + _SETTING_S)
    return found


def _listened_s(cost: Cost, door: Door) -> float:
    """Return how long telegrams take to come, as the device sends them by itself."""
    if door.consumer is None:
        return 0.0
    return cost.octets / _TELEGRAM_OCTETS[door.protocol] * door.consumer.period_s


def _span(cost: Cost, door: Door, declaration: Declaration, answer_s: float | None) -> Span:
    timing = door.timing
    octets_s = cost.octets * _BITS_AN_OCTET / baud if (baud := baud_of(door)) else 0.0
    if door.is_virtual:
        spent_s = cost.turns * _OWN_TIME_S / 4
        return Span(least_s=spent_s / 2, likely_s=spent_s, most_s=spent_s * 3)
    silence_s = cost.silences * max(2 * timing.response_time_s, _SHORTEST_SILENCE_S)
    always_s = cost.connections * (timing.reconnect_delay_s + _CONNECT_S) + silence_s + octets_s
    quick_s = answer_s if answer_s is not None else timing.response_time_s * _QUICK
    typical_s = answer_s if answer_s is not None else timing.response_time_s * _TYPICAL
    slow_s = max(timing.response_time_s, typical_s)
    waited_s = sum(_waiting_s(cost, declaration).values()) + _listened_s(cost, door)
    return Span(
        least_s=_LEAST * (always_s + cost.turns * (quick_s + _OWN_TIME_S)) + waited_s * _LEAST,
        likely_s=always_s + cost.turns * (typical_s + _OWN_TIME_S) + waited_s,
        most_s=_LIKELIER * (always_s + cost.turns * (slow_s + _OWN_TIME_S) + waited_s),
    )


def reckoned(
    items: Sequence[Fated], declaration: Declaration, answers_s: Mapping[str, float]
) -> tuple[dict[str, Span], int]:
    """Return how long the items that run take by door, and how many of them nobody has measured.

    Those take what the measured ones take on average. ``answers_s`` is how long the device takes to answer, by door,
    where that was observed.
    """
    spans: dict[str, Span] = {}
    unmeasured: Counter[str] = Counter()
    measured: Counter[str] = Counter()
    for one in items:
        if one.fate != "runs" or not one.protocol or one.meta.invariant:
            continue
        door = one.meta.door
        if one.cost is None:
            unmeasured[door] += 1
            continue
        measured[door] += 1
        span = _span(one.cost, declaration.door(door), declaration, answers_s.get(door))
        spans[door] = spans.get(door, Span()) + span
    for door, missing in unmeasured.items():
        part = missing / max(measured[door], 1)
        known = spans.get(door, Span())
        spans[door] = known + Span(least_s=0.0, likely_s=known.likely_s * part, most_s=known.most_s * part * 2)
    return spans, sum(unmeasured.values())


def waits(items: Sequence[Fated], declaration: Declaration) -> list[Wait]:
    """Return what the items that run wait for, the rarest moment first, and which of them wait for the same."""
    found = {name: Wait(moment=name) for name in (*MOMENTS, "time")}
    for one in items:
        if one.fate != "runs" or one.cost is None:
            continue
        seconds = _waiting_s(one.cost, declaration)
        for name in (*one.cost.moments, *(["time"] if one.cost.waited_s else [])):
            wait = found[name]
            wait.items.append(one.meta.key)
            wait.times += one.cost.moments[name] or 1
            wait.likely_s += seconds.get(name, 0.0)
    return [wait for wait in found.values() if wait.items]
