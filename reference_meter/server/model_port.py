"""What the server asks of the meter behind it, as plain data and one protocol class.

Values are pairs ``(tag, value)`` as in ``reference_meter.codec.axdr``. An answer that may be long is
``(1, RowStream(...))``: its rows are encoded block by block while the client fetches them, so the iterator has
to go on giving the rows of the instant of the request.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from reference_meter.codec.axdr import Pair
from reference_meter.security.store import SecurityStore

__all__ = [
    "AccessRefused",
    "ClientProfile",
    "ColumnDescriptor",
    "CosemModel",
    "EntrySelection",
    "RangeSelection",
    "RowStream",
    "Selection",
    "UnknownSelector",
]


class AccessRefused(Exception):
    """The model refuses an access; ``result`` is the data-access-result or action-result to send."""

    def __init__(self, result: int) -> None:
        super().__init__(f"access refused with result {result}")
        self.result = result


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientProfile:
    """What the meter grants one client."""

    mechanism: int
    """Authentication mechanism that the client has to use: 0 lowest, 1 low level security, 3 to 7 high level."""
    conformance: int
    """Services supported for this client, 24 bits, bit 0 of the standard is 0x800000."""
    max_receive_pdu_size: int | None = None
    """Largest APDU the server takes from this client in octets; ``None`` takes the link's setting."""
    ciphered: bool = False
    """The client has to use the application context with ciphering; needs ``security``."""
    security: SecurityStore | None = None
    """Keys and counters of ciphering and of mechanisms 5 and 7."""
    secret: bytes = field(default=b"", repr=False)
    """Secret of mechanisms 2, 3, 4 and 6."""
    user_id: int | None = None
    """Identifier that the client has to give in its association request; ``None`` asks for none."""
    pre_established: bool = False
    """The association stands without having been asked for: SET and ACTION only, never answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDescriptor:
    """One capture object named by a selection or a restriction."""

    class_id: int
    obis: bytes
    attribute: int
    data_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeSelection:
    """Rows whose restricting column lies between two values, both included (selector 1 of class 7)."""

    restricting: ColumnDescriptor
    from_value: Pair
    to_value: Pair
    columns: tuple[ColumnDescriptor, ...]
    """Columns to give; empty means all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySelection:
    """Rows and columns by number, counted from 1; 0 at the upper end is "up to the highest" (selector 2)."""

    from_entry: int
    to_entry: int
    from_column: int
    to_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSelector:
    """Selective access in a form that the server does not know; the model chooses the refusal."""

    selector: int


Selection = RangeSelection | EntrySelection | UnknownSelector


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStream:
    """An array of known length whose elements are made when they are encoded."""

    count: int
    rows: Iterator[Pair] = field(repr=False)


class CosemModel(Protocol):
    """The objects of the meter as its clients may reach them; ``client`` is always the client's SAP."""

    def client(self, client_sap: int) -> ClientProfile | None:
        """Give the profile of a client, or ``None`` for a client that the meter does not know."""

    def authenticate(self, client: int, mechanism: int, secret: bytes | None) -> bool:
        """Judge the secret presented with a mechanism; ``secret`` is ``None`` when none was sent."""

    def get(self, client: int, class_id: int, obis: bytes, attribute: int, selection: Selection | None) -> Pair:
        """Read an attribute; raises ``AccessRefused`` with a data-access-result."""

    def set(
        self,
        client: int,
        class_id: int,
        obis: bytes,
        attribute: int,
        selection: Selection | None,
        data: Pair,
    ) -> int:
        """Write an attribute and give the data-access-result, 0 for success."""

    def action(
        self, client: int, class_id: int, obis: bytes, method: int, parameter: Pair | None
    ) -> tuple[int, Pair | None]:
        """Invoke a method and give the action-result and what the method returns."""

    def association_changed(self, client: int, link_id: int, opened: bool) -> None:
        """Learn that an association of the client on a link was opened or ended."""

    def request_over(self) -> None:
        """Learn that a request was answered, or the first part of a long answer made."""
        return

    # What follows is for a model that keeps account of attacks; one that does not inherits it.

    def lock_out_diagnostic(self, client: int) -> int:
        """Give the diagnostic with which every attempt of a client to associate is refused for now, 0 for none."""
        return 0

    def authentication_failed(self, client: int) -> None:
        """Learn that a client presented a wrong secret, or a wrong reply to a challenge."""
        return

    def deciphering_failed(self, client: int) -> None:
        """Learn that something sent under the name of a client could not be deciphered."""
        return

    def replayed(self, client: int) -> None:
        """Learn that something authentic came with an invocation counter that had been accepted before."""
        return
