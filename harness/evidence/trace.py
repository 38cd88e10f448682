"""The trace: every frame and every outside fact of a run, appended to ``trace.jsonl`` as it happens.

The fields of a record are listed in docs/architecture.md, section Trace.
"""

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _json_text
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from harness.errors import UsageError
from harness.evidence.redaction import MaskedRange, masked_hex

_T = TypeVar("_T")

_MOST_LINES = 400
_json = json.JSONEncoder(separators=(",", ":")).encode
_json_of_name = lru_cache(maxsize=1024)(_json_text)  # keys, steps, doors and kinds come again and again
_RECEIVED = ("rx", "apdu_rx")
_ARROWS = {"tx": "  ->", "rx": "<-", "apdu_tx": "  => apdu", "apdu_rx": "<= apdu"}

__all__ = ["RecordedValues", "Trace", "read_trace"]


class RecordedValues(Protocol):
    """Where a replayed run takes the facts from that did not come over the wire."""

    def take_value(self, key: str, name: str) -> object:
        """Return the next recorded value of that name within that result key."""


class Trace:
    """Appends records to ``path``; ``key`` and ``step`` are set by whoever drives the scenario."""

    def __init__(self, path: Path, *, recorded: RecordedValues | None = None) -> None:
        self.path = path
        self.key = "setup"
        self.step = ""
        self.last_request = ""
        """The last APDU sent within the result key, in words."""
        self.last_received: int | None = None
        """Number of the last record within the result key that shows what the device sent."""
        self._recorded = recorded
        self._links: dict[str, int] = {}
        self._heads: dict[tuple[str, int, str], str] = {}
        """What the records of one kind on one link begin with, encoded once."""
        self._placed = ("", "")
        self._place = ""
        """Result key and step of the last record, and how they are encoded."""
        # Known to nobody and written nowhere, so that the name of a key tells nothing of it.
        self._salt = secrets.token_bytes(32)
        self._lines: list[tuple[int, float, str, str]] = []
        self._more_lines = 0
        self.last = _cut_to_whole_records(path) if path.exists() else 0
        self._file = path.open("a", encoding="utf-8")
        self._began_at = path.stat().st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was recorded is on disk."""
        self._file.close()

    def flush(self) -> None:
        """Hand over all that was recorded.

        This happens by itself before an octet is sent, before a step, and with every record but those of an answer
        that has come and of a request that is about to leave.
        """
        if not self._file.closed:
            self._file.flush()

    def begin(self, key: str) -> None:
        """Start the records of one result key; link numbers count from 1 again."""
        self.key = key
        self._links.clear()
        self._heads.clear()
        self.last_request, self.last_received = "", None
        self.flush()
        self._began_at = self.path.stat().st_size
        self.begin_step("")

    def begin_step(self, text: str) -> None:
        """Name the Gherkin step that the following records belong to."""
        self.step = text
        self.flush()
        self._lines.clear()
        self._more_lines = 0

    def step_lines(self) -> list[str]:
        """Return the decoded exchange of the current step, a line each, long ones cut in the middle of the list."""
        more = [f"... {self._more_lines} more records in trace.jsonl"] if self._more_lines else []
        lines = [
            f"{number:>6} {t:12.3f} s  {_ARROWS.get(kind, kind):<8} {event}" for number, t, kind, event in self._lines
        ]
        return lines + more

    def current_records(self) -> Iterator[dict[str, Any]]:
        """Yield what was recorded since ``begin``."""
        self.flush()
        with self.path.open(encoding="utf-8") as lines:
            lines.seek(self._began_at)
            for line in lines:
                yield json.loads(line)

    def next_link(self, door: str) -> int:
        """Return the number of the next connection through ``door`` within the current key."""
        self._links[door] = self._links.get(door, 0) + 1
        return self._links[door]

    def wire(
        self,
        kind: str,
        *,
        t: float,
        door: str,
        link: int,
        data: bytes | None = None,
        masked: Sequence[MaskedRange] = (),
        event: str | None = None,
        part: bool = False,
        security: str = "",
    ) -> int:
        """Append a record about the line and return its number; ``part``: cut out of the ``chunk`` before.

        ``security`` is the header of the protection that an APDU goes or has come in, and the name of its keys.
        """
        # Put together by hand: encoding a dictionary took the harness longer than all else in an exchange.
        self._keep_line(t, kind, event)
        head = self._heads.get((door, link, kind))
        if head is None:
            head = f'"door":{_json_of_name(door)},"link":{link},"kind":{_json_of_name(kind)}'
            self._heads[door, link, kind] = head
        fields = f'"t":{t:.6f},{head}'
        if data is not None:
            fields += f',"data":"{masked_hex(data, masked)}"'
            if masked:
                fields += f',"masked":{_json([list(span) for span in masked])}'
        if event is not None:
            fields += f',"event":{_json_text(event)}'
        if part:
            fields += ',"part":true'
        if security:
            fields += f',"security":"{security}"'
        number = self._append(fields)
        if kind in _RECEIVED:
            self.last_received = number
        elif kind == "apdu_tx":
            self.last_request = event or ""
        else:
            self.flush()
        return number

    def recall(self, name: str, produce: Callable[[], _T]) -> _T:
        """Return ``produce()`` and record it; in a replayed run return what was recorded instead.

        The value must survive JSON. Everything that is neither device nor declaration (wall clock, bench
        answers, random choices) comes through here, so that the same trace gives the same verdict.
        """
        taken: Any = self._recorded.take_value(self.key, name) if self._recorded else produce()
        # What goes into the scenario is what a replay will read: a tuple has become a list.
        value = json.loads(json.dumps(taken))
        self._append(f'"kind":"value","event":{_json(name)},"value":{_json(value)}')
        self.flush()
        return value  # type: ignore[no-any-return]  # JSON gives back what JSON took

    @property
    def is_replaying(self) -> bool:
        """Whether values come from a recorded run."""
        return self._recorded is not None

    def keep_hex(self, name: str, digits: str) -> None:
        """Record a value as ``recall`` does, of digits, which need no encoding: that comes twice an exchange."""
        self._append(f'"kind":"value","event":{_json_of_name(name)},"value":"{digits}"')

    def name_of_key(self, key: bytes) -> str:
        """Return a word for a key, the same all through the run; in a replayed run the recorded one."""
        return self.recall("key", lambda: hmac.new(self._salt, key, hashlib.sha256).hexdigest()[:8])

    def note(self, name: str, value: object) -> int:
        """Append a fact that no judgement depends on, such as a verdict; return its number."""
        number = self._append(f'"kind":"note","event":{_json(name)},"value":{_json(value)}')
        self.flush()
        return number

    def _keep_line(self, t: float, kind: str, event: str | None) -> None:
        if len(self._lines) < _MOST_LINES:
            self._lines.append((self.last + 1, t, kind, event or ""))
        else:
            self._more_lines += 1

    def _append(self, fields: str) -> int:
        """Write a record of these fields, a JSON object's inside, and return its number."""
        self.last += 1
        if self._placed[0] is not self.key or self._placed[1] is not self.step:
            self._placed = self.key, self.step
            self._place = f'"key":{_json_of_name(self.key)},"step":{_json_of_name(self.step)}'
        self._file.write(f'{{"n":{self.last},"wall":{time.time():.3f},{self._place},{fields}}}\n')
        return self.last


def _cut_to_whole_records(path: Path) -> int:
    """Cut off a last line that a crash left unfinished; return the number of the last whole record."""
    number = whole_octets = 0
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                number += 1
                whole_octets += len(line)
    os.truncate(path, whole_octets)
    return number


def read_trace(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a trace one by one; a last line that was cut off by a crash ends it."""
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if not line.endswith("\n"):
                    return
                yield json.loads(line)
    except FileNotFoundError:
        raise UsageError(f"{path}: no trace here; a run folder holds trace.jsonl") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: not a trace of Conformeter: {error}") from error
