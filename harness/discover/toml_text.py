"""TOML as text with comments, so that a person can go on with it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["comment", "heading", "inline", "question", "setting"]

_LONGEST_LINE = 110


def inline(value: Any) -> str:
    """Return a value as TOML in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # TOML takes JSON's escapes, but for the one control character that JSON leaves as it is.
        return json.dumps(value, ensure_ascii=True).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(inline(one) for one in value) + "]"
    return repr(value)


def setting(key: str, value: Any, remark: str = "") -> str:
    """Return one line ``key = value``, with a remark behind it."""
    return f"{key} = {inline(value)}" + (f"   # {_one_line(remark)}" if remark else "")


def comment(text: str) -> str:
    """Return a comment of one line, whatever stands in the text."""
    return f"# {_one_line(text)}"


def question(text: str) -> str:
    """Return a question to the person who fills in the draft."""
    return f"# ? {_one_line(text)}"


def heading(text: str) -> list[str]:
    """Return the lines that begin a part of the file."""
    return ["", "", f"# ---- {text} ".ljust(_LONGEST_LINE, "-"), ""]


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
