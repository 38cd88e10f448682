"""Requirements and their clauses, as the files below ``requirements/`` give them."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from harness.catalogue.toml_file import Record

__all__ = ["Clause", "Condition", "Link", "NotTested", "Requirement", "RequirementFile", "Source"]

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Actor = Literal["meter", "NNAP", "LNAP", "HES"]

# Letters, digits, hyphen and dot are what a Gherkin tag, a pytest marker and a file name can all carry.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z0-9]+)*$")]


class Source(Record):
    """Where the text stands, and what the print has damaged."""

    document: Text
    table: Text | None = None
    slide: Text | None = None
    row: Text | None = None
    as_printed: Text | None = None
    """The damaged words as the document has them."""
    damage: Text | None = None
    """What is wrong with them, and how they are read."""

    @model_validator(mode="after")
    def _damage_is_explained(self) -> Self:
        if self.as_printed and not self.damage:
            raise ValueError("`as_printed` needs `damage`, which says what is wrong and how it is read")
        return self


class Condition(Record):
    """When the clause applies: an item of the declaration has one of these values."""

    item: Text
    any_of: Annotated[tuple[Text, ...], Field(min_length=1)]
    default: Text | None = None
    """The value that holds where the declaration does not mention the item."""
    text: Text


class NotTested(Record):
    """A lasting reason why messages cannot test the clause."""

    reason_class: Annotated[Literal["inspection", "other actor", "unclear source"], Field(alias="class")]
    reason: Text


class Clause(Record):
    """One statement that can be true or false by itself; what scenarios are tagged with."""

    id: Id
    statement: Text
    verification: Literal["test", "inspection", "declaration", "links"]
    """``links``: judged by the clauses that the requirement's links name."""
    row: Text | None = None
    """Row of the source where the clause has one of its own."""
    producer: Text | None = None
    receiver: Text | None = None
    condition: Condition | None = None
    through: Literal["each door", "any door"] = "each door"
    """``any door``: what the device does, whichever door is used; a door may leave its scenarios to others."""
    not_tested: NotTested | None = None
    self_check: StrictBool = False
    """The device is neither producer nor receiver: only the harness's own head end is shown."""
    self_check_part: StrictBool = False
    """The device contributes and the head end composes: scenarios of both kinds."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.verification == "inspection" and self.not_tested is None:
            raise ValueError("verification by inspection needs `not_tested` with `class` and `reason`")
        if self.self_check and self.self_check_part:
            raise ValueError("`self_check` and `self_check_part` exclude each other")
        return self


class Link(Record):
    """A relation to another requirement or clause."""

    kind: Literal["refines", "mitigated_by", "uses"]
    to: Id


class Requirement(Record):
    """One row of the source, or one use case with its steps."""

    id: Id
    title: Text
    statement: Text
    origin: Literal["source", "derived"]
    owner: Text | None = None
    use_cases: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids of use cases, or ``ALL``."""
    actors: Annotated[tuple[Actor, ...], Field(min_length=1)]
    source: Source
    reading: Text | None = None
    """How a text that can be read in two ways is read."""
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    links: tuple[Link, ...] = ()
    fingerprint: str
    """Of the text as it was last reviewed; another text makes the links suspect."""

    @model_validator(mode="after")
    def _clauses_belong_here(self) -> Self:
        form = re.compile(re.escape(self.id) + r"([a-z]|\.step[1-9][0-9]*)?")
        for clause in self.clauses:
            if not form.fullmatch(clause.id):
                raise ValueError(
                    f"clause id `{clause.id}` does not belong here; allowed: `{self.id}`,"
                    f" `{self.id}a` to `{self.id}z`, `{self.id}.step1` and up"
                )
        if any(clause.id == self.id for clause in self.clauses) and len(self.clauses) > 1:
            raise ValueError(f"clause `{self.id}` has the requirement's own id, so it must be the only one")
        if any(clause.verification == "links" for clause in self.clauses) and not self.links:
            raise ValueError("verification by links needs `links`")
        return self


class RequirementFile(Record):
    """One file of requirements."""

    schema_number: Annotated[Literal[1], Field(alias="schema")]
    order: int = 100
    """Place of the file among the others, in reports."""
    requirement: Annotated[tuple[Requirement, ...], Field(min_length=1)]
