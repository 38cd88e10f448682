"""What a person finds by looking: clauses verified by inspection, answered in a file or on the terminal.

An answer is a result of its own, REVIEW, with who said what and when; a photo goes into the run folder.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from harness.bench.manual import at_terminal
from harness.catalogue import Catalogue, Clause
from harness.catalogue.toml_file import Record, read_model
from harness.declaration import Declaration
from harness.errors import UsageError
from harness.run.items import Choice, ItemMeta
from harness.run.operator import works_by_hand
from harness.verdict import ScenarioResult, Verdict

__all__ = [
    "FOLDER",
    "INSPECTION_DOOR",
    "Answered",
    "Inspection",
    "answered_at_terminal",
    "answers_of",
    "inspected_clauses",
    "keep_photos",
    "read_inspections",
    "results_of",
    "template",
]

INSPECTION_DOOR = "inspection"
"""Stands in result keys where scenarios have their door: no message is exchanged."""
FOLDER = "inspections"
"""Folder of the photos in a run folder."""

_PHOTOS: Mapping[str, bytes] = {
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".pdf": b"%PDF-",
}
"""Suffix -> what such a file begins with."""
_LARGEST_PHOTO_OCTETS = 50 << 20

Finding = Literal["conforms", "breaks"]
Ask = Callable[[str, str], str | None]
Day = date
"""The type under another name, for fields that are called so."""
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Inspection(Record):
    """One answer: table ``[[inspection]]`` of the file."""

    clause: Text
    answer: Finding
    note: Text | None = None
    photo: Text | None = None
    """Path as seen from the file."""
    person: Text | None = None
    date: Day | None = None


class _File(Record):
    inspection: Annotated[tuple[Inspection, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer with everything that was left to defaults."""

    clause: Clause
    answer: Finding
    note: str
    photo: Path | None
    person: str
    date: date


def inspected_clauses(catalogue: Catalogue, roles: Sequence[str], choice: Choice | None = None) -> tuple[Clause, ...]:
    """Return the clauses that a person judges by looking at a device of these roles, as far as they are asked for."""
    chosen = Choice(only=choice.only if choice is not None else ())
    return tuple(
        clause
        for clause in catalogue.clauses.values()
        if clause.verification == "inspection"
        and catalogue.unmet_role(clause.id, roles) is None
        and chosen.wants(_meta(clause))
    )


def _meta(clause: Clause) -> ItemMeta:
    return ItemMeta(
        id=clause.id,
        row=None,
        door=INSPECTION_DOOR,
        title=clause.statement,
        requirements=(clause.id,),
        positive=True,
        effects=frozenset(),
    )


def read_inspections(
    path: Path, clauses: Sequence[Clause], *, known: Catalogue, person: str | None, today: date
) -> tuple[Answered, ...]:
    """Read a file of answers; those to clauses that are not asked for are left out.

    Raises ``UsageError`` with file, key and what is allowed.
    """
    given = read_model(path, _File).inspection
    allowed = [clause.id for clause in known.clauses.values() if clause.verification == "inspection"]
    asked = {clause.id: clause for clause in clauses}
    found: dict[str, Answered] = {}
    for number, one in enumerate(given):
        where = f"{path}: inspection[{number}] ({one.clause})"
        if one.clause not in allowed:
            raise UsageError(f"{where}.clause: is not verified by inspection; allowed: {', '.join(allowed)}")
        if one.clause in found:
            raise UsageError(f"{where}.clause: is answered twice; allowed: one answer to each clause")
        by = one.person or person
        if by is None:
            raise UsageError(f"{where}.person: missing; allowed: the name of who has looked, here or with --operator")
        if one.date is not None and one.date > today:
            raise UsageError(f"{where}.date: {one.date} is still to come; allowed: the day of the inspection")
        if one.note is None and one.photo is None:
            raise UsageError(f"{where}: neither note nor photo; allowed: at least one of them")
        photo = None if one.photo is None else _photo(path.parent / one.photo, f"{where}.photo")
        if one.clause in asked:
            found[one.clause] = Answered(
                clause=asked[one.clause], answer=one.answer, note=one.note or "", photo=photo, person=by,
                date=one.date or today,
            )  # fmt: skip
    return tuple(found.values())


def _photo(path: Path, where: str) -> Path:
    begins = _PHOTOS.get(path.suffix.lower())
    if begins is None:
        raise UsageError(f"{where}: {path.name}; allowed: {', '.join(_PHOTOS)}")
    try:
        octets = path.stat().st_size
        with path.open("rb") as file:
            right = file.read(len(begins)) == begins
    except OSError as error:
        raise UsageError(f"{where}: {path}: {error.strerror}; allowed: a file that can be read") from None
    if not right or octets > _LARGEST_PHOTO_OCTETS:
        raise UsageError(f"{where}: {path} is no {path.suffix} of up to {_LARGEST_PHOTO_OCTETS >> 20} MiB")
    return path


def answered_at_terminal(
    clauses: Sequence[Clause], *, person: str | None, today: date, ask: Ask = at_terminal
) -> tuple[Answered, ...]:
    """Ask for each clause; none where nobody is at a terminal, and none for what nobody has looked at."""
    found = []
    for clause in clauses:
        answer = _one_of(ask, f"Look at the device. {clause.id}: {clause.statement}", ("y", "n", ""))
        if not answer:
            continue
        note = ask("What have you seen?", "a few words")
        photo: Path | None = None
        while said := ask("A photo of it?", f"path of a {', '.join(_PHOTOS)}; Enter for none"):
            try:
                photo = _photo(Path(said).expanduser(), "photo")
                break
            except UsageError as error:
                ask(str(error), "Enter to try again")
        if person is None:
            person = ask("Who has looked?", "name") or "unnamed"
        found.append(
            Answered(
                clause=clause,
                answer="conforms" if answer == "y" else "breaks",
                note=note or "nothing noted",
                photo=photo,
                person=person,
                date=today,
            )
        )
    return tuple(found)


def _one_of(ask: Ask, text: str, allowed: Sequence[str]) -> str | None:
    while True:
        answer = ask(text, "y: it is so, n: it is not, Enter: nobody has looked")
        if answer is None or answer.lower()[:1] in allowed:
            return None if answer is None else answer.lower()[:1]


def answers_of(
    path: Path | None, catalogue: Catalogue, declaration: Declaration, choice: Choice, today: date
) -> tuple[Answered, ...]:
    """Return what a run knows by inspection: from a file, else from who works at the bench, if anybody does."""
    clauses = inspected_clauses(catalogue, declaration.identity.roles, choice)
    person = declaration.lab.operator
    if path is not None:
        return read_inspections(path, clauses, known=catalogue, person=person, today=today)
    return answered_at_terminal(clauses, person=person, today=today) if works_by_hand(declaration) else ()


def results_of(answered: Sequence[Answered]) -> tuple[ScenarioResult, ...]:
    """Return the results: REVIEW, decided by the person."""
    return tuple(
        ScenarioResult(
            key=_meta(one.clause).key,
            id=one.clause.id,
            row=None,
            door=INSPECTION_DOOR,
            title=one.clause.statement,
            requirements=(one.clause.id,),
            verdict=Verdict.REVIEW,
            reason=_reason(one),
            decided=one.answer,
        )
        for one in answered
    )


def _reason(one: Answered) -> str:
    note = f": {one.note}" if one.note else ""
    photo = f" (photo {FOLDER}/{_photo_name(one)})" if one.photo is not None else ""
    said = "it is so" if one.answer == "conforms" else "it is not so"
    return f"{one.person} has looked on {one.date.isoformat()} and says {said}{note}{photo}"


def _photo_name(one: Answered) -> str:
    return f"{one.clause.id}{one.photo.suffix.lower() if one.photo else ''}"


def keep_photos(run: Path, answered: Sequence[Answered]) -> None:
    """Copy the photos into a run folder; raises ``UsageError`` where that fails."""
    for one in answered:
        if one.photo is None:
            continue
        try:
            (run / FOLDER).mkdir(exist_ok=True)
            shutil.copyfile(one.photo, run / FOLDER / _photo_name(one))
        except OSError as error:
            raise UsageError(f"{one.photo}: cannot be copied into {run / FOLDER}: {error.strerror}") from error


def template(clauses: Sequence[Clause]) -> str:
    """Return a file to fill in."""
    parts = ["# What a person sees: remove the signs # of an answer and fill it in; note or photo may be left out.\n"]
    for clause in clauses:
        parts.append(
            f'\n# {clause.statement}\n# [[inspection]]\n# clause = "{clause.id}"\n# answer = "conforms"     '
            f'# or "breaks"\n# note = "what was seen"\n# photo = "{clause.id}.jpg"   # beside this file\n'
            f'# person = "A. Tester"\n# date = 2026-01-31\n'
        )
    return "".join(parts)
