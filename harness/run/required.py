"""Which results a whole run must have: what the suite has for a device as it was declared."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.checks.invariants import INVARIANTS
from harness.declaration import Declaration, load_declaration
from harness.errors import UsageError
from harness.run.items import Choice, ItemMeta, doors_for, is_asked
from harness.run.suite import Suite, load_suite, suite_fingerprint

__all__ = ["PlanComparison", "against_suite", "required_keys"]

_MOST_NAMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComparison:
    """What comparing the plan of a run with the suite has given."""

    problems: tuple[str, ...] = ()
    note: str = ""
    """Why nothing could be compared, or empty."""


def required_keys(suite: Suite, declaration: Declaration) -> tuple[str, ...]:
    """Return the result keys of a run of everything that the declared ceiling allows."""
    choice = Choice(ceiling=declaration.effects.allowed)
    return tuple(
        meta.key
        for meta in _items(suite, declaration)
        if is_asked(meta, declaration, suite.catalogue) and not choice.beyond_ceiling(meta)
    )


def against_suite(read: Callable[[str], bytes | None]) -> PlanComparison:
    """Compare the plan of a run with what this suite has for its declaration; ``read`` gives files by their names.

    Call it for a run whose records agree. A partial run says itself that it is not the whole.
    """
    plan, verdicts, declaration = (read(name) for name in ("plan.json", "verdicts.json", "declaration.toml"))
    if plan is None or verdicts is None or declaration is None:
        return PlanComparison(problems=("plan.json, verdicts.json and declaration.toml are needed",))
    document = json.loads(verdicts)
    if document["partial"]:
        return PlanComparison()
    if document["suite"].get("fingerprint") != suite_fingerprint():
        return PlanComparison(note="made with another suite than this one, so its list of scenarios was not compared")
    try:
        required = required_keys(load_suite(), _loaded(declaration))
    except UsageError as error:
        return PlanComparison(problems=(f"declaration.toml: {error}",))
    left_out = sorted(set(required) - set(json.loads(plan)["keys"]))
    if not left_out:
        return PlanComparison()
    named = ", ".join(left_out[:_MOST_NAMES]) + (" ..." if len(left_out) > _MOST_NAMES else "")
    return PlanComparison(problems=(f"{len(left_out)} scenarios of the suite were never planned: {named}",))


def _items(suite: Suite, declaration: Declaration) -> Iterator[ItemMeta]:
    for source in suite.scenarios.values():
        for door in doors_for(source, declaration, suite.catalogue):
            for row in source.rows or (None,):
                yield ItemMeta.of(source, row, door)
    for invariant in INVARIANTS:
        for each in declaration.dlms_doors:
            yield ItemMeta.of_invariant(invariant, each.id)


def _loaded(declaration: bytes) -> Declaration:
    with TemporaryDirectory(prefix="conformeter-") as folder:
        path = Path(folder) / "declaration.toml"
        path.write_bytes(declaration)
        return load_declaration(path)
