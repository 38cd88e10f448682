"""Response times with their uncertainty."""

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["answered_in_time"]


def answered_in_time(name: str, took_s: float, *, limit_s: float, uncertainty_s: float) -> Verdictless:
    """The answer came within the limit; what the measurement cannot tell apart is undecided."""
    if took_s <= limit_s:
        return None
    if took_s <= limit_s + uncertainty_s:
        return Undecided(
            reason=f"{name} answered after {took_s:.3f} s, limit {limit_s:g} s, uncertainty {uncertainty_s:.3f} s",
            missing="line",
        )
    return Breach(
        expected=f"{name} answered within {limit_s:g} s (uncertainty {uncertainty_s:.3f} s)",
        observed=f"{took_s:.3f} s, and no less when repeated",
    )
