"""Where each key of a TOML text stands, so that an error can name its line.

``tomllib`` gives values without positions. This scanner reads a text that ``tomllib`` has
accepted already, and therefore knows no syntax errors of its own.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["KeyPath", "Place", "Scan", "dotted", "scan"]

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the root, e.g. ``("doors", 1, "hdlc", "address_octets")``."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]+")
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The line of a key (1 upwards) and the span of its value as offsets into the text."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The places of all keys, and the spans of all comments."""

    places: Mapping[KeyPath, Place]
    comments: Sequence[tuple[int, int]]


def dotted(path: KeyPath) -> str:
    """Write ``path`` as people write it, e.g. ``doors[1].hdlc.address_octets``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def scan(text: str) -> Scan:
    """Find the places in ``text``, which must be valid TOML."""
    scanner = _Scanner(text)
    scanner.document()
    return Scan(places=scanner.places, comments=scanner.comments)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[KeyPath, Place] = {}
        self.comments: list[tuple[int, int]] = []
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._lengths: dict[KeyPath, int] = {}

    def document(self) -> None:
        base: KeyPath = ()
        self._skip_gap()
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                base = self._header()
            else:
                self._key_and_value(base)
            self._skip_gap()

    def _header(self) -> KeyPath:
        start = self.at
        is_array = self.text.startswith("[[", start)
        self.at += 2 if is_array else 1
        *parents, last = self._key()
        self.at += 2 if is_array else 1
        path: KeyPath = ()
        for part in parents:
            path = self._newest((*path, part))
        path = (*path, last)
        if is_array:
            self._note(path, start)
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._newest(path)
        self._note(path, start)
        return path

    def _newest(self, path: KeyPath) -> KeyPath:
        """Below an array of tables, keys belong to the table that was opened last."""
        length = self._lengths.get(path)
        return path if length is None else (*path, length - 1)

    def _note(self, path: KeyPath, start: int) -> None:
        line = bisect_right(self._breaks, start - 1) + 1
        self.places.setdefault(path, Place(line=line, start=start, end=self.at))

    def _key_and_value(self, base: KeyPath) -> None:
        key_start = self.at
        *parents, last = self._key()
        path = base
        for part in parents:
            path = (*path, part)
            self._note(path, key_start)
        self._skip(_BLANK)
        self.at += 1  # the equals sign
        self._skip(_BLANK)
        self._value((*path, last), key_start)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_BLANK)
            if self.text[self.at] in "\"'":
                start = self.at
                self._string()
                parts.append(tomllib.loads(f"key = {self.text[start : self.at]}")["key"])
            else:
                start = self.at
                self._skip(_BARE_KEY)
                parts.append(self.text[start : self.at])
            self._skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _value(self, path: KeyPath, key_start: int) -> None:
        line = bisect_right(self._breaks, key_start - 1) + 1
        start = self.at
        opener = self.text[start]
        if opener in "\"'":
            self._string()
        elif opener == "[":
            self._array(path)
        elif opener == "{":
            self._inline_table(path)
        else:
            self._skip(_PLAIN_VALUE)
        self.places[path] = Place(line=line, start=start, end=self.at)

    def _string(self) -> None:
        quote = self.text[self.at]
        multiline = self.text.startswith(quote * 3, self.at)
        closer = quote * 3 if multiline else quote
        self.at += len(closer)
        while not self.text.startswith(closer, self.at):
            escaped = quote == '"' and self.text[self.at] == "\\"
            self.at += 2 if escaped else 1
        self.at += len(closer)
        # A multi-line string may end in one or two quotes of its own before the closing three.
        while multiline and self.text.startswith(quote, self.at):
            self.at += 1

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        self._skip_gap()
        while not self.text.startswith("]", self.at):
            self._value((*path, index), self.at)
            index += 1
            self._skip_comma()
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        self._skip_gap()
        while not self.text.startswith("}", self.at):
            self._key_and_value(path)
            self._skip_comma()
        self.at += 1

    def _skip_comma(self) -> None:
        self._skip_gap()
        if self.text.startswith(",", self.at):
            self.at += 1
            self._skip_gap()

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def _skip_gap(self) -> None:
        """Skip blanks, line ends and comments."""
        self._skip(_GAP)
        while self.text.startswith("#", self.at):
            start = self.at
            self._skip(_COMMENT)
            self.comments.append((start, self.at))
            self._skip(_GAP)
