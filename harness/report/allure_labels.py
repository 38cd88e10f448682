"""Labels of one scenario at one door: what Allure builds its trees, filters and searches from."""

from collections.abc import Iterable
from typing import Protocol

from harness.catalogue import Catalogue
from harness.report.rollup import SELF_CHECK_DOOR

__all__ = ["ReportedItem", "family_of", "is_step", "labels_of", "shortened"]

_LABEL_LENGTH = 96
_STEPS_ALONE = " (scenarios of no other requirement)"

Labels = list[tuple[str, str]]


class ReportedItem(Protocol):
    """What reports need to know of a collected scenario."""

    @property
    def key(self) -> str:
        """``<scenario id>[.<row>]@<door id>``."""

    @property
    def id(self) -> str:
        """The scenario's id."""

    @property
    def row(self) -> str | None:
        """The row of its Examples table."""

    @property
    def door(self) -> str:
        """The door's id."""

    @property
    def title(self) -> str:
        """The title, with or without the id in front."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """Ids of clauses and use case steps, in the order of the tags."""


def is_step(clause: str) -> bool:
    """Whether the id is that of a use case step."""
    return ".step" in clause


def family_of(requirement: str) -> str:
    """Return what a requirement's id begins with: ``TR-Conf``, ``MF``, ``SU3``."""
    return requirement.partition(".")[0]


def shortened(text: str, length: int = _LABEL_LENGTH) -> str:
    """Return ``text`` cut at a word so that it makes one line of a tree."""
    if len(text) <= length:
        return text
    return text[: length - 1].rpartition(" ")[0].rstrip(",;:") + "…"


def labels_of(catalogue: Catalogue, item: ReportedItem, *, device: str = "") -> Labels:
    """Return the labels of an item as (name, value).

    ``requirement`` and ``clause`` make the tree by requirement. Two labels with several values each would be
    multiplied there, and clauses appear below requirements that they do not belong to; so a scenario of several
    requirements has one ``clause`` label that names all of its clauses. ``use_case_step`` is one level by itself.
    Use cases are requirements in that tree only for scenarios that have no other, and the label says so.
    """
    steps = [step for step in item.requirements if is_step(step)]
    clauses = [clause for clause in item.requirements if not is_step(clause)] or steps
    requirements = _owners(catalogue, clauses)
    suffix = _STEPS_ALONE if clauses == steps else ""
    labels: Labels = [("requirement", title + suffix) for title in requirements.values()]
    if len(requirements) == 1:
        labels += [("clause", _with_statement(catalogue, clause)) for clause in clauses]
    elif clauses:
        labels.append(("clause", " + ".join(clauses)))
    labels += [("use_case_step", _with_statement(catalogue, step)) for step in steps]
    # The classic trees (behaviours, suites) and the search know these names only.
    labels += [("epic", family) for family in dict.fromkeys(map(family_of, requirements))]
    labels += [("feature", title) for title in requirements.values()]
    labels += [("story", _with_statement(catalogue, step)) for step in steps]
    labels += [("suite", title) for title in list(requirements.values())[:1]]
    labels += [("tag", tag) for tag in dict.fromkeys((*requirements, *item.requirements))]
    labels += [("tag", "self-check")] if item.door == SELF_CHECK_DOOR else []
    labels += [("door", item.door), ("thread", item.door), ("framework", "pytest-bdd"), ("language", "python")]
    if device:
        labels.append(("host", device))
    return labels


def _owners(catalogue: Catalogue, clauses: Iterable[str]) -> dict[str, str]:
    """Return requirement id -> id and title, in the order of the clauses."""
    owners = (catalogue.requirement_of(clause) for clause in clauses)
    return {owner.id: f"{owner.id} {owner.title}" for owner in owners}


def _with_statement(catalogue: Catalogue, clause: str) -> str:
    known = catalogue.clauses.get(clause)
    return shortened(f"{clause} {known.statement}") if known else clause
