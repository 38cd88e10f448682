"""``accepted_answers.toml``: known codes, error conditions with the answers they allow, ceilings."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.catalogue.requirement import Text
from harness.catalogue.toml_file import Record, quoted, suggestion
from harness.errors import CatalogueError

__all__ = ["AnswerBook", "Ceiling", "ErrorCondition"]

Names = Annotated[tuple[str, ...], Field(min_length=1)]
CodeTable = dict[int, str]

_NUMBERED = re.compile(r"(?P<kind>dar|action):(?P<code>\d+)")
_EXCEPTION = re.compile(r"exception:(?P<state>\d+)/(?P<service>\d+)")
_AARE = re.compile(r"aare:(?P<result>\d+)/(?P<source>user|provider):(?P<diagnostic>\d+)")
_CONFIRMED = re.compile(r"confirmed:(?P<service>\d+)/(?P<category>\d+)/(?P<error>\d+)")


class ErrorCondition(Record):
    """One error condition and the answers that the service allows."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    error_class: str
    about: Text
    answers: Names
    default: Names
    """Judged where the declaration chooses none; a part of ``answers``."""


class Ceiling(Record):
    """The most that a declaration may claim, and what holds where it claims nothing."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    unit: Text
    value: float
    default: float
    about: Text

    @model_validator(mode="after")
    def _default_is_below(self) -> Self:
        if not 0 <= self.default <= self.value:
            raise ValueError(f"`default` {self.default} must lie between 0 and `value` {self.value}")
        return self


class _ExceptionCodes(Record):
    state: CodeTable
    service: CodeTable


class _AareCodes(Record):
    result: CodeTable
    user: CodeTable
    provider: CodeTable


class _Category(Record):
    name: Text
    errors: CodeTable


class _ConfirmedCodes(Record):
    service: CodeTable
    category: dict[int, _Category]


class _Codes(Record):
    plain: dict[str, str]
    dar: CodeTable
    action: CodeTable
    exception: _ExceptionCodes
    aare: _AareCodes
    confirmed: _ConfirmedCodes

    def text(self, name: str) -> str | None:
        """Return what an answer's name means, or None for one that is not known."""
        if name in self.plain:
            return self.plain[name]
        if found := _NUMBERED.fullmatch(name):
            table = self.dar if found["kind"] == "dar" else self.action
            return table.get(int(found["code"]))
        if found := _EXCEPTION.fullmatch(name):
            return _joined(
                self.exception.state.get(int(found["state"])),
                self.exception.service.get(int(found["service"])),
            )
        if found := _AARE.fullmatch(name):
            diagnostics = self.aare.user if found["source"] == "user" else self.aare.provider
            return _joined(self.aare.result.get(int(found["result"])), diagnostics.get(int(found["diagnostic"])))
        if found := _CONFIRMED.fullmatch(name):
            return self._confirmed_text(*(int(found[part]) for part in ("service", "category", "error")))
        return None

    def _confirmed_text(self, service: int, category: int, error: int) -> str | None:
        group = self.confirmed.category.get(category)
        if group is None:
            return None
        return _joined(self.confirmed.service.get(service), group.name, group.errors.get(error))


def _joined(*parts: str | None) -> str | None:
    known = [part for part in parts if part is not None]
    return ", ".join(known) if len(known) == len(parts) else None


class AnswerBook(Record):
    """The whole file; refuses names that its own table of codes does not have."""

    schema_number: Annotated[Literal[1], Field(alias="schema")]
    codes: _Codes
    error_classes: dict[str, str]
    condition: Annotated[tuple[ErrorCondition, ...], Field(min_length=1)]
    ceiling: tuple[Ceiling, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for ids in ([row.id for row in self.condition], [row.id for row in self.ceiling]):
            for twice in sorted({name for name in ids if ids.count(name) > 1}):
                raise ValueError(f"`{twice}` stands here twice")
        for row in self.condition:
            self._check(row)
        return self

    def _check(self, row: ErrorCondition) -> None:
        if row.error_class not in self.error_classes:
            raise ValueError(
                f"condition `{row.id}`: unknown error_class `{row.error_class}`;"
                f" allowed: {quoted(sorted(self.error_classes))}"
            )
        for name in row.answers:
            if self.codes.text(name) is None:
                raise ValueError(f"condition `{row.id}`: answer `{name}` is not under [codes]")
        for name in row.default:
            if name not in row.answers:
                raise ValueError(
                    f"condition `{row.id}`: default `{name}` is not accepted; allowed: {quoted(row.answers)}"
                )

    def find(self, condition: str) -> ErrorCondition:
        """Return a condition by its id; raises ``CatalogueError`` with the nearest known one."""
        for row in self.condition:
            if row.id == condition:
                return row
        known = [row.id for row in self.condition]
        raise CatalogueError(f"unknown error condition `{condition}`{suggestion(condition, known)}")

    def find_ceiling(self, name: str) -> Ceiling:
        """Return a ceiling by its id; raises ``CatalogueError`` naming the known ones."""
        for row in self.ceiling:
            if row.id == name:
                return row
        raise CatalogueError(f"unknown ceiling `{name}`; allowed: {quoted([row.id for row in self.ceiling])}")
