"""Which scenario runs at which door: the items of a run and the choice among them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.catalogue import Catalogue
from harness.checks.invariants import INVARIANTS, Invariant
from harness.declaration import GATEWAYS, Declaration
from harness.errors import UsageError
from harness.features import ScenarioSource

__all__ = ["SELF_DOOR", "Choice", "ItemMeta", "doors_for", "is_asked", "known_ids", "name_scenarios"]

_GATEWAY = "gateway"
_MOST_NAMED = 8
_SCENARIO_ID = re.compile(r"-[PNI]\d\d$")

SELF_DOOR = "head-end"
"""The door of scenarios that check the harness itself: they talk to no device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMeta:
    """One scenario, or one row of it, at one door."""

    id: str
    row: str | None
    door: str
    title: str
    requirements: tuple[str, ...]
    positive: bool
    effects: frozenset[str]
    needs: tuple[str, ...] = ()
    invariant: bool = False
    clock_judged: bool = False
    """Nobody may step the clock to save waiting."""

    @property
    def key(self) -> str:
        """The result key."""
        row = f".{self.row}" if self.row is not None else ""
        return f"{self.id}{row}@{self.door}"

    @property
    def clause(self) -> str:
        """The clause that the scenario is written for; its findings name it."""
        return self.id.rpartition("-")[0]

    @property
    def self_check(self) -> bool:
        """Whether the harness checks itself here."""
        return self.door == SELF_DOOR

    @property
    def needs_device(self) -> bool:
        """Whether the device is asked anything here; an invariant looks at what was asked before."""
        return not self.self_check and not self.invariant

    @classmethod
    def of(cls, source: ScenarioSource, row: str | None, door: str) -> "ItemMeta":
        """Return the item of a scenario of a feature file."""
        title = source.title.removeprefix(source.id).strip()
        return cls(
            id=source.id,
            row=row,
            door=door,
            title=f"{title} [{row}]" if row is not None else title,
            requirements=source.clauses,
            positive=source.positive,
            effects=frozenset(source.effects),
            needs=tuple(source.needs),
            clock_judged=source.clock_judged,
        )

    @classmethod
    def of_invariant(cls, invariant: Invariant, door: str) -> "ItemMeta":
        """Return the item of an invariant at one door."""
        return cls(
            id=invariant.id,
            row=None,
            door=door,
            title=invariant.title,
            requirements=invariant.clauses,
            positive=True,
            effects=frozenset(),
            invariant=True,
        )


def doors_for(source: ScenarioSource, declaration: Declaration, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the ids of the declared doors that a scenario fits; without a tag for doors it needs DLMS.

    A clause that is judged through any door is left to the functional ones, unless the scenario names its doors.
    """
    if source.self_check:
        return (SELF_DOOR,)
    if source.doors:
        return tuple(door.id for door in declaration.doors if door.protocol in source.doors)
    through_any = catalogue.clauses[source.clause].through == "any door"
    return tuple(door.id for door in declaration.dlms_doors if door.functional or not through_any)


def is_asked(meta: ItemMeta, declaration: Declaration, catalogue: Catalogue) -> bool:
    """Whether a device of the declared roles is asked for a scenario at all: by its requirement and its clause.

    What needs a gateway is asked of gateways alone. In a use case a gateway that is no meter stands between head end
    and meter, so it has a part in nothing else.
    """
    roles = set(declaration.identity.roles)
    if meta.self_check:
        return "meter" in roles
    if _GATEWAY in meta.needs:
        if not roles & GATEWAYS:
            return False
    elif "meter" not in roles and catalogue.clauses[meta.clause].producer is not None:
        return False
    return catalogue.unmet_role(meta.clause, roles) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What ``--only``, ``--door`` and the effect ceiling leave of a run."""

    only: tuple[str, ...] = ()
    """Ids of requirements, clauses, steps or scenarios; empty for all."""
    doors: tuple[str, ...] = ()
    ceiling: frozenset[str] = frozenset({"reads"})

    def check(self, known_ids: Iterable[str], declared_doors: Sequence[str]) -> None:
        """Raise ``UsageError`` for an id or a door that does not exist."""
        known = set(known_ids)
        for wanted in self.only:
            # A result key, as reports show it, stands for its scenario here; its row and door are looked at later.
            bare, _, door = wanted.partition("@")
            if door and door not in (*declared_doors, SELF_DOOR):
                raise UsageError(f"--only {wanted}: door not declared; allowed: {', '.join(declared_doors)}")
            if not any(_covers(bare, name) or _is_row_of(bare, name) for name in known):
                raise UsageError(
                    f"--only {wanted}: no such requirement, clause, step or scenario; allowed are ids like TR-Conf.08, "
                    "TR-Conf.08a, SU3.step2 or SU3.step2-P03 (conformeter trace lists them)"
                )
        for door in self.doors:
            if door not in declared_doors:
                raise UsageError(f"--door {door}: not declared; allowed: {', '.join(declared_doors)}")

    def wants(self, meta: ItemMeta) -> bool:
        """Whether the item is among what was asked for."""
        if self.doors and meta.door not in self.doors and not meta.self_check:
            return False
        names = (meta.id, meta.key, *meta.requirements)
        return not self.only or any(_covers(wanted, name) for wanted in self.only for name in names)

    def beyond_ceiling(self, meta: ItemMeta) -> frozenset[str]:
        """Return the effects of the item that the ceiling does not allow."""
        return meta.effects - self.ceiling

    @property
    def partial_because(self) -> str | None:
        """Why this is not the whole suite on the whole device."""
        reasons = []
        if self.only:
            reasons.append(f"--only {','.join(self.only)}")
        if self.doors:
            reasons.append(f"--door {','.join(self.doors)}")
        return ", ".join(reasons) or None


def name_scenarios(scenarios: Sequence[str]) -> str:
    """Name some scenarios by id, many by how many each clause has."""
    if len(scenarios) <= _MOST_NAMED:
        return ", ".join(scenarios)
    clauses = Counter(scenario.rpartition("-")[0] for scenario in scenarios)
    return f"{len(scenarios)} scenarios: {', '.join(f'{clause} {count}' for clause, count in clauses.items())}"


def _is_row_of(wanted: str, name: str) -> bool:
    """Whether ``wanted`` is a row of the scenario ``name``: SU3.step1-P01.public of SU3.step1-P01."""
    return bool(_SCENARIO_ID.search(name)) and wanted.startswith(f"{name}.")


def _covers(wanted: str, name: str) -> bool:
    """Whether ``wanted`` is ``name`` or stands above it: TR-Conf.08 covers TR-Conf.08a and TR-Conf.08a-P01."""
    if not name.startswith(wanted):
        return False
    rest = name[len(wanted) :]
    return not rest or rest[0] in ".-@" or (rest[0].isalpha() and wanted[-1].isdigit())


def known_ids(catalogue: Catalogue, scenarios: Mapping[str, ScenarioSource]) -> set[str]:
    """Return every id that ``--only`` may name."""
    return {*catalogue.ids, *scenarios, *(invariant.id for invariant in INVARIANTS)}
