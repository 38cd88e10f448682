"""What the services give: one frozen result a kind."""

from dataclasses import dataclass

__all__ = ["AccessResult", "ActionResult", "GetResult", "SetResult"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessResult:
    """What one specification of an ACCESS gave: its result, 0 is success, and A-XDR octets, null-data for nothing."""

    kind: int
    """1 a read, 2 a write, 3 a method."""
    result: int
    data: bytes
    frame: int
    took_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GetResult:
    """What one attribute gave: ``data`` (A-XDR octets) or ``result`` (a data-access-result)."""

    data: bytes | None
    result: int | None
    frame: int
    took_s: float
    blocks: int = 0
    """Number of blocks it came in; 0 for an undivided answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResult:
    """The data-access-result of a SET; 0 is success."""

    result: int
    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """The action-result of a method, and what it returned."""

    result: int
    data: bytes | None
    data_result: int | None
    frame: int
