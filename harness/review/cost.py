"""What a scenario costs: exchanges, octets and waiting, measured over a recorded run and kept with the package.

``python -m harness.review RUN-FOLDER`` measures again. The figures are those of the reference meter: another device
has longer answers or shorter ones, so what is reckoned from them is an estimate.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from harness.errors import UsageError

__all__ = ["BENCH_ABILITIES", "COSTS_FILE", "MOMENTS", "Cost", "CostTable", "measure", "packaged_costs"]

SCHEMA: Final = 1
COSTS_FILE: Final = Path(__file__).parent / "costs.json"

MOMENTS: Final = ("year end", "month end", "week end", "day end", "time of day", "period end")
"""What scenarios wait for, from the rarest on; ``period end`` is that of a capture period."""
_NEAR: Final = timedelta(minutes=15)
_LEAP_S: Final = 7200
"""What goes farther at once is on the way to a distant instant; how far that is says the calendar, not the scenario."""
_PERIOD_S: Final = 900
"""Capture period of the reference meter."""

BENCH_ABILITIES: Final[Mapping[str, str]] = {
    "bench:advance": "time",
    "bench:set_load": "load",
    "bench:power_cut": "power",
    "bench:button": "hands",
    "bench:seal": "hands",
    "bench:clock_invalid": "disturbance",
    "bench:drop_links": "disturbance",
    "bench:fault": "disturbance",
    "bench:child": "devices",
    "bench:firmware": "firmware",
}
"""Recorded request to the bench of the reference meter -> what ``[bench]`` calls it."""


@dataclass(kw_only=True)
class Cost:
    """Of one scenario, or one row of it, at a door of one protocol."""

    turns: int = 0
    """Frames that the head end sends, each of which the device reacts to."""
    octets: int = 0
    """In both directions."""
    connections: int = 0
    silences: int = 0
    """How often an answer is awaited that does not come, mostly because none is due."""
    waited_s: float = 0.0
    """Metering time that passes, without that up to the moments."""
    moments: Counter[str] = field(default_factory=Counter)
    benches: frozenset[str] = frozenset()

    def to_json(self) -> list[Any]:
        """Return it as short as a table of thousands needs."""
        plain = [self.turns, self.octets, self.connections, self.silences, round(self.waited_s, 1)]
        return [*plain, dict(sorted(self.moments.items())), sorted(self.benches)]

    @classmethod
    def from_json(cls, entry: list[Any]) -> "Cost":
        """Read it back."""
        turns, octets, connections, silences, waited_s, moments, benches = entry
        return cls(
            turns=turns,
            octets=octets,
            connections=connections,
            silences=silences,
            waited_s=waited_s,
            moments=Counter(moments),
            benches=frozenset(benches),
        )


@dataclass(frozen=True, kw_only=True)
class CostTable:
    """Costs by result key without its door, and by protocol."""

    costs: Mapping[str, Mapping[str, Cost]]

    def of(self, name: str, protocol: str) -> Cost | None:
        """Return what is known of ``<id>[.<row>]``, at another protocol's door where it never ran at such a one."""
        known = self.costs.get(name)
        return None if not known else known.get(protocol) or next(iter(known.values()))

    def to_json(self) -> dict[str, Any]:
        """Return what the packaged file holds."""
        return {
            "schema": SCHEMA,
            "costs": {
                name: {protocol: cost.to_json() for protocol, cost in sorted(known.items())}
                for name, known in sorted(self.costs.items())
            },
        }


@cache
def packaged_costs() -> CostTable:
    """Return the figures that come with the package."""
    document = json.loads(COSTS_FILE.read_text(encoding="utf-8"))
    return CostTable(
        costs={
            name: {protocol: Cost.from_json(entry) for protocol, entry in known.items()}
            for name, known in document["costs"].items()
        }
    )


class _Clock:
    """The metering time of one device of the recorded run."""

    def __init__(self) -> None:
        self._local: datetime | None = None
        self._under_way = False

    def moved(self, answer: object, *, waited: bool) -> tuple[float, str | None]:
        """Take an answer of the bench; return how far time has gone in waiting, and to which moment, if any."""
        if not isinstance(answer, dict) or "local" not in answer:
            return 0.0, None
        before, self._local = self._local, datetime.fromisoformat(str(answer["local"]))
        if before is None or self._local <= before or not waited:
            return 0.0, None
        passed_s = (self._local - before).total_seconds()
        moment = _moment(before, self._local)
        if passed_s > _LEAP_S and moment is None:
            self._under_way = True
            return 0.0, None
        if self._under_way:
            self._under_way = False
            moment = moment or "time of day"
        return passed_s, moment


def _moment(before: datetime, after: datetime) -> str | None:
    """Return which end of a day or of a capture period lies just before ``after``, None for neither."""
    midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
    if before < midnight and after - midnight < _NEAR:
        if (midnight.month, midnight.day) == (1, 1):
            return "year end"
        if midnight.day == 1:
            return "month end"
        return "week end" if midnight.weekday() == 0 else "day end"
    into_s = (after - midnight).total_seconds() % _PERIOD_S
    return "period end" if into_s < (after - before).total_seconds() <= _PERIOD_S else None


def measure(
    records: Iterable[Mapping[str, Any]], protocols: Mapping[str, str], schemes: Mapping[str, str]
) -> CostTable:
    """Return what the scenarios of a recorded run have cost.

    ``protocols`` and ``schemes`` are those of the doors by id. Doors of one scheme lead to one device and its time.
    """
    found: dict[tuple[str, str], Cost] = {}
    clocks: dict[bool, _Clock] = {}
    for record in records:
        name, _, door = str(record["key"]).partition("@")
        if door not in protocols:
            continue
        cost = found.setdefault((name, door), Cost())
        kind = record["kind"]
        if kind in ("tx", "rx"):
            cost.turns += kind == "tx"
            cost.octets += len(record.get("data", "")) // 2
        elif kind == "open":
            cost.connections += 1
        elif kind == "quiet":
            cost.silences += 1
        elif kind == "value":
            _take_value(cost, record, clocks.setdefault(schemes[door] == "loop", _Clock()))
    table: dict[str, dict[str, Cost]] = {}
    for (name, door), cost in found.items():
        of_name, protocol = table.setdefault(name, {}), protocols[door]
        # Of several doors of one protocol, the one at which most was done.
        if protocol not in of_name or cost.turns > of_name[protocol].turns:
            of_name[protocol] = cost
    if not table:
        raise UsageError("the trace holds no scenario at a declared door")
    return CostTable(costs=table)


def _take_value(cost: Cost, record: Mapping[str, Any], clock: _Clock) -> None:
    event = record["event"]
    passed_s, moment = clock.moved(record.get("value"), waited=event == "bench:advance")
    ability = BENCH_ABILITIES.get(event)
    if ability is not None:
        cost.benches |= {ability}
    if moment is not None:
        cost.moments[moment] += 1
    else:
        cost.waited_s += passed_s
