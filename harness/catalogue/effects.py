"""``side_effects.toml``: what reading, writing and invoking do to a device, by class."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.catalogue.requirement import Text
from harness.catalogue.toml_file import Record
from harness.effect import EFFECTS, Effect

__all__ = ["EFFECTS", "Effect", "SideEffects"]

Effects = Annotated[tuple[Effect, ...], Field(min_length=1)]

_UNKNOWN: tuple[Effect, ...] = ("irreversible",)


class _Attribute(Record):
    number: Annotated[int, Field(ge=2, le=127)]
    name: Text
    read: Effects = ("reads",)
    write_same: Effects = ("writes",)
    write_other: Effects = ("writes",)


class _Method(Record):
    number: Annotated[int, Field(ge=1, le=127)]
    name: Text
    invoke: Effects


class _LogicalName(Record):
    write_same: Effects
    write_other: Effects


class _Class(Record):
    id: Annotated[int, Field(ge=1, le=0xFFFF)]
    name: Text
    attributes: tuple[_Attribute, ...]
    methods: tuple[_Method, ...] = ()

    @model_validator(mode="after")
    def _numbers_are_unique(self) -> Self:
        for what, rows in (("attribute", self.attributes), ("method", self.methods)):
            _refuse_doubles(f"{what} of class {self.id}", [row.number for row in rows])
        return self


class SideEffects(Record):
    """The whole file. What it does not list is taken for the worst, except reading."""

    schema_number: Annotated[Literal[1], Field(alias="schema")]
    logical_name: _LogicalName
    classes: Annotated[tuple[_Class, ...], Field(alias="class", min_length=1)]

    @model_validator(mode="after")
    def _classes_are_unique(self) -> Self:
        _refuse_doubles("class", [row.id for row in self.classes])
        return self

    def _attribute(self, class_id: int, number: int) -> _Attribute | None:
        for row in self.classes:
            if row.id == class_id:
                return next((each for each in row.attributes if each.number == number), None)
        return None

    def of_read(self, class_id: int, attribute: int) -> tuple[Effect, ...]:
        """Return what a GET of the attribute does."""
        found = self._attribute(class_id, attribute)
        return found.read if found else ("reads",)

    def of_write(self, class_id: int, attribute: int, *, same_value: bool) -> tuple[Effect, ...]:
        """Return what a SET does; ``same_value``: the value that the attribute has already."""
        found = self.logical_name if attribute == 1 else self._attribute(class_id, attribute)
        if found is None:
            return _UNKNOWN
        return found.write_same if same_value else found.write_other

    def of_invoke(self, class_id: int, method: int) -> tuple[Effect, ...]:
        """Return what an ACTION does."""
        for row in self.classes:
            for each in row.methods:
                if (row.id, each.number) == (class_id, method):
                    return each.invoke
        return _UNKNOWN


def _refuse_doubles(what: str, numbers: Sequence[int]) -> None:
    for twice in sorted({number for number in numbers if numbers.count(number) > 1}):
        raise ValueError(f"{what} {twice} stands here twice")
