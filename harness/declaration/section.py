"""What all sections of a declaration share: strictness, the types of their values, and how errors are told."""

import json
import re
from collections.abc import Callable, Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, MinLen
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from harness.declaration.place import KeyPath
from harness.declaration.problem import Problem, Problems, listed, suggestion
from harness.declaration.secret import SECRET_KEYS

__all__ = ["AnswerName", "Identifier", "Section", "Slug", "Text", "Whole", "problems_of", "spelled", "walk"]

_LONGEST_SHOWN = 60


class Section(BaseModel):
    """A table of the declaration: frozen, no unknown keys, no conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True)

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys that the table may have, as they are written in the file."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())


def spelled(pattern: str, allowed: str) -> Callable[[str], str]:
    """A validator for text that matches ``pattern`` as a whole; ``allowed`` says so to people."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if compiled.fullmatch(text) is None:
            raise Problems.one(f"is {_shown(text)}", allowed)
        return text

    return check


def _whole(value: Any) -> Any:
    if type(value) is not int:  # True and 1.0 equal 1, which is enough for Literal
        raise PydanticCustomError("whole_number", "not a whole number")
    return value


Whole = BeforeValidator(_whole)
"""Goes with ``Literal`` of whole numbers."""

_SLUG = "a short name of lower case letters, digits and hyphens"
Slug = Annotated[str, AfterValidator(spelled(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", _SLUG)), Field(description=_SLUG)]
_IDENTIFIER = "a name of lower case letters, digits, hyphens and underscores"
Identifier = Annotated[
    str, AfterValidator(spelled(r"[a-z][a-z0-9_-]{0,38}", _IDENTIFIER)), Field(description=_IDENTIFIER)
]
_TEXT = "text of at least one character on one line"
Text = Annotated[str, AfterValidator(spelled(r"\S(?:[^\r\n]*\S)?", _TEXT)), Field(description=_TEXT)]
_ANSWER = 'names of answers such as "dar:4", "exception:1/2", "silence"'
AnswerName = Annotated[
    str, AfterValidator(spelled(r"[a-z]+(?::[a-z0-9][a-z0-9:/_-]*)?", _ANSWER)), Field(description=_ANSWER)
]


def walk(section: Section, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value of a section that is not itself a table or list, with its path."""
    for name, field in type(section).model_fields.items():
        yield from _walk_value(getattr(section, name), (*path, field.alias or name))


def _walk_value(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, Section):
        yield from walk(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk_value(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk_value(item, (*path, key))
    else:
        yield path, value


def problems_of(error: ValidationError, model: type[Section]) -> list[Problem]:
    """Turn pydantic's errors into problems that say what is allowed."""
    problems: list[Problem] = []
    entries = error.errors(include_url=False)
    for entry in entries:
        path: KeyPath = entry["loc"]
        cause = entry.get("ctx", {}).get("error")
        if isinstance(cause, Problems):
            problems += [problem.below(path) for problem in cause.problems]
        elif entry["type"] == "extra_forbidden":
            problems.append(_unknown_key(path, model))
        elif entry["type"] == "too_short" and any(other["loc"][:-1] == path for other in entries):
            continue  # only because pydantic does not count wrong items
        elif entry["type"] == "missing":
            problems.append(Problem(path=path, wrong="is missing", allowed=_allowed_at(model, path)))
        else:
            hidden = any(part in SECRET_KEYS for part in path)
            wrong = "has a wrong value (not shown)" if hidden else f"is {_shown(entry['input'])}"
            problems.append(Problem(path=path, wrong=wrong, allowed=_allowed_at(model, path)))
    return problems


def _unknown_key(path: KeyPath, model: type[Section]) -> Problem:
    *parents, key = path
    section = _section_in(_type_at(model, tuple(parents)))
    known = section.keys() if section is not None else ()
    return Problem(path=path, wrong=f"is unknown{suggestion(str(key), known)}", allowed=listed(known))


def _allowed_at(model: type[Section], path: KeyPath) -> str:
    return _described(_type_at(model, path))


def _type_at(model: Any, path: KeyPath) -> Any:
    """The annotation of the value at ``path``, constraints included."""
    here: Any = model
    for part in path:
        section = _section_in(here)
        if isinstance(part, str) and section is not None:
            field = next(field for name, field in section.model_fields.items() if (field.alias or name) == part)
            here = _annotation(field)
        else:  # an item of a list, or of a table with free keys
            here = _item_type(here)
    return here


def _annotation(field: FieldInfo) -> Any:
    annotation: Any = field.annotation
    if field.description:
        return Annotated[annotation, Field(description=field.description)]
    return Annotated[(annotation, *field.metadata)] if field.metadata else annotation


def _item_type(annotation: Any) -> Any:
    bare, _ = _bare(annotation)
    items = [item for item in get_args(bare) if item is not Ellipsis]
    return items[-1] if items else Any


def _section_in(annotation: Any) -> type[Section] | None:
    bare, _ = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, Section) else None


def _bare(annotation: Any) -> tuple[Any, list[Any]]:
    """Take ``Annotated`` and ``| None`` off; the constraints come along."""
    metadata: list[Any] = []
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            metadata += more
        elif get_origin(annotation) in (Union, UnionType):
            (annotation,) = (item for item in get_args(annotation) if item is not type(None))
        else:
            return annotation, metadata


def _described(annotation: Any) -> str:
    """What a value of this type looks like, in words."""
    bare, metadata = _bare(annotation)
    for item in metadata:
        if isinstance(item, FieldInfo) and item.description:
            return item.description
    for item in list(metadata):
        if isinstance(item, FieldInfo):
            metadata += item.metadata
    if get_origin(bare) is Literal:
        return listed(str(word) for word in get_args(bare))
    if get_origin(bare) is tuple:
        least = "".join(f"at least {item.min_length} of " for item in metadata if isinstance(item, MinLen))
        described = _described(_item_type(bare))
        return f"a list of {least}{described.replace('a table with', 'tables with')}"
    if isinstance(bare, type) and issubclass(bare, Section):
        return f"a table with {listed(bare.keys())}"
    if bare in (int, float):
        return ("a whole number" if bare is int else "a number") + _bounds(metadata)
    return {bool: "true or false", str: "text"}.get(bare, "a table")


def _bounds(metadata: list[Any]) -> str:
    words = ""
    for item in metadata:
        if isinstance(item, Ge):
            words += f" from {item.ge}"
        elif isinstance(item, Gt):
            words += f" above {item.gt}"
        elif isinstance(item, Le):
            words += f" to {item.le}"
    return words


def _shown(value: Any) -> str:
    if isinstance(value, dict | Section):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, bool | str):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, int) and value.bit_length() > _LONGEST_SHOWN:
        text = "a number that is much too large"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."
