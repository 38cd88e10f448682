"""The funnel: which scenarios a run would run on a device, which not and why, from the declaration alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from harness.catalogue import Catalogue
from harness.checks.invariants import INVARIANTS
from harness.declaration import Available, Declaration, DeniedBySource, Door, Missing, NotOffered, availability
from harness.features import ScenarioSource
from harness.review.cost import Cost, CostTable
from harness.run.items import Choice, ItemMeta, doors_for, is_asked

__all__ = ["FATES", "Fate", "Fated", "fates"]

Fate = Literal["runs", "fails at once", "inconclusive", "not applicable", "left out"]
FATES: dict[Fate, str] = {
    "runs": "run",
    "fails at once": "end as FAIL at once: the declaration denies what the requirements demand",
    "inconclusive": "end as INCONCLUSIVE at once or on the way",
    "not applicable": "end as NOT_APPLICABLE",
    "left out": "are not in the run",
}
_NO_DOOR = "-"
_OF_MOMENTS = ("year end", "month end", "week end", "day end", "time of day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fated:
    """One item of a run, or what might be one, and what becomes of it."""

    meta: ItemMeta
    protocol: str
    """Of its door; empty for the harness's own checks and where no door fits."""
    fate: Fate
    by: str = ""
    """What decides: a word such as ``needs``, ``door``, ``effect ceiling``, ``bench``, ``waiting``, ``role``."""
    reason: str = ""
    cost: Cost | None = None
    """What it has cost at the reference meter, None where nobody has measured it."""


def fates(
    scenarios: dict[str, ScenarioSource],
    declaration: Declaration,
    catalogue: Catalogue,
    choice: Choice,
    costs: CostTable,
) -> Iterator[Fated]:
    """Yield all items in the order of the feature files, the invariants last."""
    for source in scenarios.values():
        doors = doors_for(source, declaration, catalogue) or (_NO_DOOR,)
        for row in source.rows or (None,):
            for door in doors:
                yield _fated(ItemMeta.of(source, row, door), source, declaration, catalogue, choice, costs)
    for invariant in INVARIANTS:
        for each in declaration.dlms_doors:
            meta = ItemMeta.of_invariant(invariant, each.id)
            left = _left_out(meta, declaration, catalogue, choice)
            fate, by, reason = left or ("runs", "", "")
            yield Fated(meta=meta, protocol=each.protocol, fate=fate, by=by, reason=reason, cost=Cost())


_Decision = tuple[Fate, str, str]


def _fated(
    meta: ItemMeta,
    source: ScenarioSource,
    declaration: Declaration,
    catalogue: Catalogue,
    choice: Choice,
    costs: CostTable,
) -> Fated:
    if meta.door == _NO_DOOR:
        wanted = " or ".join(source.doors or ("wrapper", "hdlc"))
        fate, by, reason = "left out", "door", f"no declared door speaks {wanted}"
        return Fated(meta=meta, protocol="", fate="left out", by=by, reason=reason)
    door = None if meta.self_check else declaration.door(meta.door)
    protocol = door.protocol if door is not None else ""
    cost = Cost() if meta.self_check else costs.of(meta.key.rpartition("@")[0], protocol)
    decision = _left_out(meta, declaration, catalogue, choice) or _by_needs(meta, declaration, door)
    if decision is None and door is not None and cost is not None:
        decision = _by_bench(meta, declaration, door, cost)
    fate, by, reason = decision or ("runs", "", "")
    return Fated(meta=meta, protocol=protocol, fate=fate, by=by, reason=reason, cost=cost)


def _left_out(meta: ItemMeta, declaration: Declaration, catalogue: Catalogue, choice: Choice) -> _Decision | None:
    if not is_asked(meta, declaration, catalogue):
        roles = ", ".join(declaration.identity.roles)
        return "left out", "role", f"not asked of a device that is {roles}"
    if not choice.wants(meta):
        at_door = Choice(only=choice.only).wants(meta)
        return ("left out", "--door", "at another door") if at_door else ("left out", "--only", "not asked for")
    beyond = choice.beyond_ceiling(meta)
    if beyond:
        return "left out", "effect ceiling", f"not allowed: {', '.join(sorted(beyond))} ([effects] ceiling)"
    return None


def _by_needs(meta: ItemMeta, declaration: Declaration, door: Door | None) -> _Decision | None:
    for need in meta.needs:
        match availability(declaration, door or declaration.doors[0], need, clause=meta.clause):
            case Missing(reason=reason, missing=missing):
                return "inconclusive", missing, reason
            case DeniedBySource(item=item, reason=reason):
                return "fails at once", "declared absent", f"{item}: {reason}"
            case NotOffered(item=item, reason=reason):
                return "not applicable", "not offered", f"{item}: {reason}"
            case Available():
                pass
    return None


def _by_bench(meta: ItemMeta, declaration: Declaration, door: Door, cost: Cost) -> _Decision | None:
    """Say what its bench keeps a scenario from, as far as what it did with the reference meter tells."""
    bench = declaration.bench
    waits = bool(cost.waited_s or cost.moments)
    for ability in sorted(cost.benches - {"time"}):
        if getattr(bench, ability) is None:
            return "inconclusive", "bench", f"it uses a bench for {ability}, and none is declared ([bench] {ability})"
    if not waits or bench.time == "reference":
        return None
    if bench.time is None:
        return "inconclusive", "bench", "it lets time pass, and no bench for time is declared ([bench] time)"
    distant = [name for name in _OF_MOMENTS if cost.moments[name]]
    # A scenario that sets the clock may set it to shortly before its moment.
    if distant and "sets_clock" not in meta.effects and (bench.time != "clock_setting" or meta.clock_judged):
        return (
            "inconclusive",
            "waiting",
            f"it comes to the {distant[0]}, which is hardly ever within {bench.longest_wait_s:g} s "
            "([bench] time, longest_wait_s)",
        )
    return None
