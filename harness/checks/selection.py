"""Selections of rows: what was named comes, or an error that is allowed in its place."""

from collections.abc import Collection
from dataclasses import dataclass

from harness.checks.judged import Breach, Verdictless
from harness.checks.refusals import told

__all__ = ["Got", "selection_answered"]

Cells = tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What a selection gave."""

    answer: str
    """``data``, ``empty`` or the error."""
    rows: Cells
    """The cells of each row, the oldest row first."""


def selection_answered(due: Cells | None, answers: Collection[str], got: Got) -> Verdictless:
    """The cells that are ``due`` have come, or one of the accepted ``answers``.

    With ``due`` None no row may come, whatever the answer says besides.
    """
    if got.answer in answers and not got.rows:
        return None
    if due is not None and got.rows == due and got.answer in ("data", "empty"):
        return None
    accepted = f" or {told(answers)}" if answers else ""
    if due is None:
        return Breach(expected=f"no rows: {told(answers)}", observed=_shown(got))
    wrong = next((number for number, (a, b) in enumerate(zip(due, got.rows, strict=False)) if a != b), None)
    if wrong is None:
        return Breach(expected=f"{len(due)} rows{accepted}", observed=_shown(got))
    return Breach(
        expected=f"{len(due)} rows, row {wrong + 1} with {_cells(due[wrong])}{accepted}",
        observed=f"{_shown(got)}, row {wrong + 1} with {_cells(got.rows[wrong])}",
    )


def _shown(got: Got) -> str:
    return f"{len(got.rows)} rows" if got.rows or got.answer in ("data", "empty") else got.answer


def _cells(row: tuple[object, ...]) -> str:
    return ", ".join(cell.hex() if isinstance(cell, bytes) else str(cell) for cell in row)
