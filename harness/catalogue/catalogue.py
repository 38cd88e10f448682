"""The catalogue as a whole: look-ups, and the checks that need more than one row."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from harness.catalogue.answers import AnswerBook, Ceiling
from harness.catalogue.effects import Effect, SideEffects
from harness.catalogue.requirement import Clause, Requirement, RequirementFile
from harness.catalogue.review import Suspect, digest, suspect_links, text_fingerprint
from harness.catalogue.toml_file import read_model, suggestion
from harness.catalogue.usual_causes import UsualCauses
from harness.errors import CatalogueError

__all__ = ["Catalogue", "load_catalogue"]

_ANSWERS = "accepted_answers.toml"
_EFFECTS = "side_effects.toml"
_ROLES = "identity.roles"
_CAUSES = "usual_causes.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Requirements with their clauses, accepted answers and side effects."""

    requirements: tuple[Requirement, ...]
    clauses: Mapping[str, Clause]
    """By id: clauses of requirements, steps of use cases, functions, data flows, threats."""
    owners: Mapping[str, Requirement]
    """The requirement of every clause id and of every requirement id."""
    answers: AnswerBook
    effects: SideEffects
    causes: UsualCauses = field(default_factory=UsualCauses)

    @property
    def ids(self) -> frozenset[str]:
        """Every id of a clause or a requirement: the markers of pytest."""
        return frozenset(self.owners)

    def is_known(self, tag: str) -> bool:
        """Whether it is the id of a clause or of a requirement."""
        return tag in self.owners

    def requirement_of(self, tag: str) -> Requirement:
        """Return the requirement of a clause id, or of its own id; raises ``CatalogueError``."""
        try:
            return self.owners[tag]
        except KeyError:
            near = suggestion(tag, list(self.owners))
            raise CatalogueError(f"`{tag}` is not in the catalogue{near}") from None

    def clauses_of(self, tag: str) -> tuple[str, ...]:
        """Return the clause ids that an id stands for: itself, or all of a requirement."""
        requirement = self.requirement_of(tag)
        return (tag,) if tag in self.clauses else tuple(clause.id for clause in requirement.clauses)

    def linked_clauses(self, clause: str) -> tuple[str, ...]:
        """Return the clauses that answer a threat; none for a clause that is judged by itself."""
        if self.clauses[clause].verification != "links":
            return ()
        links = self.owners[clause].links
        return tuple(each for link in links if link.kind == "mitigated_by" for each in self.clauses_of(link.to))

    def unmet_role(self, clause_id: str, roles: Collection[str]) -> str | None:
        """Return why a clause is not asked of a device with these roles, None where it is."""
        actors = [actor for actor in self.owners[clause_id].actors if actor != "HES"]
        if actors and not {actor.lower() for actor in actors} & set(roles):
            return f"it binds a {' or '.join(actors)}, and the device is declared as {', '.join(roles)}"
        condition = self.clauses[clause_id].condition
        if condition is None or condition.item != _ROLES or set(roles) & set(condition.any_of):
            return None
        return f"it applies where {condition.text} ({_ROLES} is {', '.join(roles)})"

    @property
    def conditions(self) -> Mapping[str, tuple[str, ...]]:
        """Error condition -> accepted answers, for checking a declaration's choices."""
        return {row.id: row.answers for row in self.answers.condition}

    def accepted_answers(self, condition: str) -> tuple[str, ...]:
        """Return the answers that the service allows; raises ``CatalogueError`` for an unknown condition."""
        return self.answers.find(condition).answers

    def default_answers(self, condition: str) -> tuple[str, ...]:
        """Return the answers that are judged where the declaration chooses none."""
        return self.answers.find(condition).default

    def error_class(self, condition: str) -> str:
        """Return the normalised error of a condition, the same on every interface."""
        return self.answers.find(condition).error_class

    def known_answer(self, name: str) -> bool:
        """Whether the catalogue has this code: ``dar:4`` yes, ``dar:77`` no."""
        return self.answers.codes.text(name) is not None

    def answer_text(self, name: str) -> str:
        """Return what a code means, or ``not in the catalogue``."""
        return self.answers.codes.text(name) or "not in the catalogue"

    def ceiling(self, name: str) -> Ceiling:
        """Return a ceiling with its default; raises ``CatalogueError`` for an unknown one."""
        return self.answers.find_ceiling(name)

    def effect_of_read(self, class_id: int, attribute: int) -> tuple[Effect, ...]:
        """Return what a GET does to a device."""
        return self.effects.of_read(class_id, attribute)

    def effect_of_write(self, class_id: int, attribute: int, *, same_value: bool) -> tuple[Effect, ...]:
        """Return what a SET does to a device, of the value it has or of another."""
        return self.effects.of_write(class_id, attribute, same_value=same_value)

    def effect_of_invoke(self, class_id: int, method: int) -> tuple[Effect, ...]:
        """Return what an ACTION does to a device."""
        return self.effects.of_invoke(class_id, method)

    def changed(self) -> tuple[str, ...]:
        """Return the ids of the requirements whose text is another one than the reviewed."""
        return tuple(each.id for each in self.requirements if each.fingerprint != text_fingerprint(each))

    def suspects(self) -> tuple[Suspect, ...]:
        """Return the links that a changed text makes suspect until it is reviewed."""
        owners = {tag: requirement.id for tag, requirement in self.owners.items()}
        return suspect_links(self.requirements, self.changed(), owners)

    def fingerprint(self) -> str:
        """Return a fingerprint of all that the catalogue says."""
        parts = [each.model_dump(mode="json") for each in (*self.requirements, self.answers, self.effects)]
        return digest(parts)


def load_catalogue(folder: Path) -> Catalogue:
    """Read the folder ``requirements/``; every other TOML file in it is a file of requirements.

    Raises ``CatalogueError`` naming file, key and what is allowed.
    """
    if not folder.is_dir():
        raise CatalogueError(f"{folder}: no such folder; expected the folder of requirement files")
    answers = read_model(folder / _ANSWERS, AnswerBook)
    effects = read_model(folder / _EFFECTS, SideEffects)
    requirements: list[Requirement] = []
    clauses: dict[str, Clause] = {}
    owners: dict[str, Requirement] = {}
    for path, content in _requirement_files(folder):
        for requirement in content.requirement:
            _enter(path, requirement, clauses, owners)
            requirements.append(requirement)
    if not requirements:
        raise CatalogueError(f"{folder}: no file of requirements")
    _check_references(folder, requirements, owners)
    causes = read_model(folder / _CAUSES, UsualCauses) if (folder / _CAUSES).exists() else UsualCauses()
    if problem := causes.problem(clauses):
        raise CatalogueError(f"{folder / _CAUSES}: {problem}")
    return Catalogue(
        requirements=tuple(requirements),
        clauses=MappingProxyType(clauses),
        owners=MappingProxyType(owners),
        answers=answers,
        effects=effects,
        causes=causes,
    )


def _requirement_files(folder: Path) -> list[tuple[Path, RequirementFile]]:
    paths = [path for path in sorted(folder.glob("*.toml")) if path.name not in (_ANSWERS, _EFFECTS, _CAUSES)]
    files = [(path, read_model(path, RequirementFile)) for path in paths]
    return sorted(files, key=lambda file: file[1].order)


def _enter(path: Path, requirement: Requirement, clauses: dict[str, Clause], owners: dict[str, Requirement]) -> None:
    for tag in dict.fromkeys((requirement.id, *(clause.id for clause in requirement.clauses))):
        if tag in owners:
            raise CatalogueError(f"{path}: {tag}: the id stands in the catalogue twice")
        owners[tag] = requirement
    for clause in requirement.clauses:
        if clause.id in clauses:
            raise CatalogueError(f"{path}: {clause.id}: the id stands in the catalogue twice")
        clauses[clause.id] = clause


def _check_references(folder: Path, requirements: Iterable[Requirement], owners: Mapping[str, Requirement]) -> None:
    known = list(owners)
    for requirement in requirements:
        for use_case in requirement.use_cases:
            if use_case != "ALL" and use_case not in owners:
                raise CatalogueError(
                    f"{folder}: {requirement.id}: use_cases: unknown `{use_case}`;"
                    f" allowed: `ALL` or the id of a use case{suggestion(use_case, known)}"
                )
        for link in requirement.links:
            if link.to not in owners:
                raise CatalogueError(
                    f"{folder}: {requirement.id}: links: `{link.to}` is not in the catalogue"
                    f"{suggestion(link.to, known)}"
                )
