"""Values that reading must leave alone."""

from collections.abc import Mapping

from harness.checks.judged import Breach, Verdictless

__all__ = ["unchanged"]


def unchanged(before: Mapping[str, object], after: Mapping[str, object]) -> Verdictless:
    """Every named value is the same as before."""
    for name, value in before.items():
        if after[name] != value:
            return Breach(expected=f"{name} unchanged: {_text(value)}", observed=_text(after[name]))
    return None


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
