"""The status of profile rows: which states a row must show, and which it must not."""

from collections.abc import Mapping

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.axdr import BitString

__all__ = ["shown_states", "states_shown", "status_number"]

NAMES = {
    "err": "critical error",
    "civ": "clock invalid",
    "dnv": "data not valid",
    "dst": "daylight saving time",
    "cad": "clock adjusted",
    "pdn": "power down",
}


def status_number(cell: object) -> int | None:
    """A status as a number: its bit 0 is the lowest of a number and the first of a bit-string; None for others."""
    if isinstance(cell, BitString):
        return sum(1 << bit for bit in range(cell.bits) if cell[bit])
    return cell if isinstance(cell, int) and not isinstance(cell, bool) else None


def shown_states(status: int, bits: Mapping[str, int | str]) -> dict[str, bool]:
    """Which of the declared states a status shows; those without a bit are left out."""
    return {state: bool(status >> bit & 1) for state, bit in bits.items() if isinstance(bit, int)}


def states_shown(label: str, status: int, bits: Mapping[str, int | str], due: Mapping[str, bool]) -> Verdictless:
    """A row shows each state that is ``due`` True, and none that is ``due`` False.

    ``bits`` says which bit stands for which state, or ``absent``; ``label`` names the row.
    """
    shown = shown_states(status, bits)
    wanted = {state: value for state, value in due.items() if state in shown}
    if not wanted:
        return Undecided(
            reason=f"no bit of the status is declared for {', '.join(due)} (profiles.load_profile.status)",
            missing="declaration",
        )
    wrong = [state for state, value in wanted.items() if shown[state] is not value]
    if not wrong:
        return None
    expected = ", ".join(f"{NAMES[state]} {'shown' if wanted[state] else 'not shown'}" for state in wrong)
    return Breach(expected=f"{expected} in {label}", observed=f"status {status:02X}")
