"""Which client made a change, as a log tells it beside the entry."""

from collections.abc import Sequence

from harness.declaration import AssociationDeclaration, Declaration
from harness.errors import Inconclusive
from harness.headend.event_log import LogEntry
from harness.headend.gateway.records import is_text
from harness.protocol.axdr import Data

__all__ = ["client_cell", "client_column", "names_client"]


def client_column(declaration: Declaration, log: str) -> int | None:
    """Return the number of the column that tells the client, 1 upwards; None for a log that does not tell."""
    declared = declaration.logs.get(log)
    return None if declared is None else declared.client_column


def client_cell(entry: LogEntry, log: str, column: int) -> object:
    """Return what an entry has in that column; ``Inconclusive`` where its log has not so many."""
    if column > len(entry.cells):
        raise Inconclusive(
            f"logs.{log}.client_column is {column}, and {log} has {len(entry.cells)} columns", missing="declaration"
        )
    return entry.cells[column - 1]


def names_client(cell: object, association: AssociationDeclaration) -> bool:
    """Whether a cell stands for the client: a number or text, alone or first in a structure (as partners are told)."""
    if isinstance(cell, Data):
        parts = cell.value
        return (
            isinstance(parts, Sequence)
            and bool(parts)
            and isinstance(parts[0], Data)
            and _is(parts[0].value, association.recorded)
        )
    return _is(cell, association.recorded)


def _is(value: object, recorded: str | int) -> bool:
    if isinstance(recorded, str):
        return is_text(value, recorded)
    if isinstance(value, bytes):
        return 0 < len(value) <= 4 and int.from_bytes(value, "big") == recorded
    return not isinstance(value, bool) and value == recorded
