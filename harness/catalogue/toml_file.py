"""Reading a TOML file into a pydantic model, with errors that name file, key and what is allowed."""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from harness.errors import CatalogueError

__all__ = ["Record", "quoted", "read_model", "suggestion"]

ModelT = TypeVar("ModelT", bound=BaseModel)


class Record(BaseModel):
    """Base of every row of the catalogue: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def quoted(names: Sequence[str]) -> str:
    """Return names as a list for people."""
    return ", ".join(f"`{name}`" for name in names)


def suggestion(wrong: str, known: Sequence[str]) -> str:
    """Return ``; did you mean ...?`` where a known name is near, else nothing."""
    near = difflib.get_close_matches(wrong, known, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def read_model(path: Path, model: type[ModelT]) -> ModelT:
    """Read a file into a model; raises ``CatalogueError`` that lists every problem in it."""
    data = _read_toml(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = [_problem(model, data, detail) for detail in error.errors()]
        raise CatalogueError("\n".join(f"{path}: {problem}" for problem in problems)) from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}: not UTF-8 at octet {error.start}") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: not TOML: {error}") from None


def _problem(model: type[BaseModel], data: Mapping[str, Any], detail: ErrorDetails) -> str:
    loc = detail["loc"]
    key = _key(data, loc)
    match detail["type"]:
        case "extra_forbidden":
            allowed = _allowed_keys(model, loc)
            return f"{key}: unknown key; allowed: {quoted(allowed)}{suggestion(str(loc[-1]), allowed)}"
        case "missing":
            return f"{key}: missing"
        case "literal_error":
            return f"{key}: {detail['input']!r} is not allowed; allowed: {detail['ctx']['expected']}"
        case "value_error":
            return f"{key}: {detail['ctx']['error']}"
        case _:
            return f"{key}: {detail['msg']}, not {detail['input']!r}"


def _key(data: Any, loc: Sequence[int | str]) -> str:
    """Return the dotted key, with the id beside every index: ``requirement[4] (TR-Conf.05).title``."""
    text = ""
    for part in loc:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else None
            name = data.get("id") if isinstance(data, dict) else None
            text += f"[{part}]" + (f" ({name})" if name is not None else "")
        else:
            data = data.get(part) if isinstance(data, dict) else None
            text += f".{part}" if text else part
    return text or "the file"


def _allowed_keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    for part in loc[:-1]:
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                model = _model_within(field.annotation) or model
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside ``tuple[Model, ...]``, ``Model | None`` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_within, get_args(annotation))), None)
