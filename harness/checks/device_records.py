"""Records of a gateway about the devices behind it: each under the right name, as often as due, at the right time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["Booked", "booked_as_due", "booked_in_order", "each_listed_once", "in_turn", "times_right", "whole_records"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One record."""

    device: str | None
    """Name of the device that it stands under; None where it stands under none of them."""
    at: datetime | None
    """None for a time that is not full."""
    text: str


def each_listed_once(times: Mapping[str, int]) -> Verdictless:
    """Every device stands on the list once, by its name."""
    wrong = [f"{name} {count} times" for name, count in times.items() if count != 1]
    if wrong:
        return Breach(expected=f"{' and '.join(times)} once each on the list", observed=", ".join(wrong))
    return None


def booked_as_due(what: str, found: Sequence[Booked], due: Mapping[str, int], *, more: int = 0) -> Verdictless:
    """As many records as are due stand under the name of each device, and no other ones.

    So many ``more`` may stand where any are due: of what lasts, or came about at each request.
    """
    for name, count in due.items():
        own = sum(one.device == name for one in found)
        if not count <= own <= count + (more if count else 0):
            at_most = f" to {count + more}" if more and count else ""
            return Breach(expected=f"{count}{at_most} records of {what} under {name}", observed=_listed(found))
    strangers = [one for one in found if one.device is None or not due.get(one.device)]
    if strangers:
        return Breach(expected=f"no record of {what} but those of {_due(due)}", observed=_listed(strangers))
    return None


def in_turn(devices: Sequence[str | None]) -> list[str | None]:
    """Devices in their order, several records of one in a row taken as one."""
    return [one for place, one in enumerate(devices) if place == 0 or one != devices[place - 1]]


def booked_in_order(what: str, found: Sequence[Booked], due: Sequence[str]) -> Verdictless:
    """Records stand in the order of what happened, whatever their times; several of one device in a row are as one."""
    if in_turn([one.device for one in found]) != in_turn(due):
        return Breach(expected=f"records of {what} under {', then '.join(due)}", observed=_listed(found))
    return None


def times_right(
    what: str, found: Sequence[Booked], *, earliest: datetime, latest: datetime, tolerance_s: float
) -> Verdictless:
    """Every record bears the time by the gateway's clock at which it happened, not the one at which it is read."""
    tolerance = timedelta(seconds=tolerance_s)
    for one in found:
        if one.at is None:
            return Undecided(reason=f"the time of {one.text} is not full", missing="device")
        if not earliest - tolerance <= one.at <= latest + tolerance:
            return Breach(
                expected=f"{what} recorded from {earliest:%Y-%m-%d %H:%M:%S} to {latest:%H:%M:%S} UTC by the gateway's "
                f"clock, within {tolerance_s:g} s",
                observed=f"{one.at:%Y-%m-%d %H:%M:%S} UTC ({one.text})",
            )
    return None


def whole_records(log: str, new: Sequence[Sequence[object]], before: Sequence[Sequence[object]]) -> Verdictless:
    """No new record lacks a cell that records have: nothing, or no octets, stand there where none did before."""
    for cells in new:
        for place, cell in enumerate(cells):
            if _lacking(cell) and not any(place < len(one) and _lacking(one[place]) for one in before):
                return Breach(expected=f"whole records in {log}", observed=f"one of {', '.join(map(_cell, cells))}")
    return None


def _lacking(cell: object) -> bool:
    """Whether there is nothing in a cell."""
    return cell is None or (isinstance(cell, bytes | str) and not cell)


def _cell(cell: object) -> str:
    return cell.hex().upper() or "no octets" if isinstance(cell, bytes) else "nothing" if cell is None else str(cell)


def _due(due: Mapping[str, int]) -> str:
    return ", ".join(name for name, count in due.items() if count) or "none"


def _listed(found: Sequence[Booked]) -> str:
    shown = [f"{one.text} under {one.device or 'no known name'}" for one in found[:4]]
    more = len(found) - len(shown)
    return "; ".join(shown) + (f" and {more} more" if more > 0 else "") or "no record"
