"""Problems of a declaration, collected as (key, what is wrong, what is allowed) and told together."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.declaration.place import KeyPath, Place, dotted
from harness.errors import DeclarationError

__all__ = ["Origin", "Problem", "Problems", "listed", "suggestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong; ``path`` is relative to whatever reports it."""

    path: KeyPath = ()
    wrong: str
    allowed: str = ""
    line: int | None = None
    """Set only where no key carries the problem, as in a syntax error."""

    def below(self, prefix: KeyPath) -> "Problem":
        """The same problem seen from further up."""
        return Problem(path=(*prefix, *self.path), wrong=self.wrong, allowed=self.allowed, line=self.line)


class Problems(ValueError):
    """Raised inside validators, where pydantic turns it into one of its own errors."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.wrong for problem in self.problems))

    @classmethod
    def one(cls, wrong: str, allowed: str = "", *, path: KeyPath = ()) -> "Problems":
        """A single problem."""
        return cls([Problem(path=path, wrong=wrong, allowed=allowed)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a declaration comes from; gives problems their file and line."""

    name: str
    """The file's path as it was asked for, or a name for data that never was a file."""
    places: Mapping[KeyPath, Place] = field(default_factory=dict)

    def line_of(self, path: KeyPath) -> int | None:
        """Line of the key, or of the nearest table around it; None where there is no file."""
        for length in range(len(path), 0, -1):
            place = self.places.get(path[:length])
            if place is not None:
                return place.line
        return None

    def error(self, problems: Iterable[Problem]) -> DeclarationError:
        """One error that tells all problems, one a line, in the order of the file."""
        placed = [(problem, problem.line or self.line_of(problem.path)) for problem in problems]
        placed.sort(key=lambda pair: pair[1] or 0)
        return DeclarationError("\n".join(self._told(problem, line) for problem, line in placed))

    def _told(self, problem: Problem, line: int | None) -> str:
        text = self.name if line is None else f"{self.name}:{line}"
        if problem.path:
            text += f": {dotted(problem.path)}"
        text += f": {problem.wrong}"
        return f"{text}; allowed: {problem.allowed}" if problem.allowed else text


def listed(words: Iterable[str]) -> str:
    """Words for people, in their order."""
    return ", ".join(words)


def suggestion(word: str, known: Iterable[str]) -> str:
    """``, did you mean "x"?`` for a word close to a known one, else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f', did you mean "{near[0]}"?' if near else ""
