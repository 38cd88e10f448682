"""What a wrongly ciphered request may get: nothing, or what the declaration says that it gets."""

from collections.abc import Collection

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["among", "counter_error", "deciphering_error", "discarded"]

_ENDED = frozenset({"closed", "dm", "frmr"})


def discarded(name: str, description: str, *, may_close: bool) -> Verdictless:
    """A reaction by its name: silence, or an end of the connection where that is declared."""
    if name == "silence" or (may_close and name in _ENDED):
        return None
    if name == "garbled":
        return Undecided(reason=f"octets that are no frame where silence is due: {description}", missing="line")
    return Breach(expected="no answer", observed=f"{name}: {description}")


def deciphering_error(name: str, description: str) -> Verdictless:
    """An exception for what cannot be deciphered."""
    if name == "exception:1/5":
        return None
    return Breach(expected="an exception deciphering-error (exception:1/5), as declared", observed=description)


def counter_error(name: str, description: str, counter: int | None, *, last: int) -> Verdictless:
    """An exception for a counter, which names the one that is expected: the next after the last accepted."""
    if name == "exception:1/6" and counter == last + 1:
        return None
    return Breach(
        expected=f"an exception invocation-counter-error (exception:1/6) with counter {last + 1}, as declared",
        observed=f"{name} ({description})" if counter is None else f"{name} with counter {counter}",
    )


def among(name: str, description: str, accepted: Collection[str]) -> Verdictless:
    """A reaction that is declared, or that the catalogue allows."""
    if name in accepted:
        return None
    return Breach(expected=" or ".join(sorted(accepted)), observed=f"{name}: {description}")
