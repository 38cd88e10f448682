"""What a run may do to the device."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from harness.declaration.problem import Problems, listed, suggestion
from harness.declaration.section import Section, Text
from harness.effect import EFFECTS, Effect

__all__ = ["EFFECTS", "Effect", "Effects"]

_CEILING = f"one of {listed(EFFECTS)} (it and all before it), or a list (exactly these)"


def _effects_up_to(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    for number, effect in enumerate(EFFECTS, start=1):
        if effect == value:
            return EFFECTS[:number]
    raise Problems.one(f'is "{value}"{suggestion(value, EFFECTS)}', _CEILING)


class Effects(Section):
    """The effects that scenarios may have on this device."""

    ceiling: Annotated[
        tuple[Effect, ...], BeforeValidator(_effects_up_to), Field(strict=False, description=_CEILING)
    ] = ("reads",)
    """A single word in the file means that effect and all before it, a list means exactly these."""
    irreversible_serial: Text | None = None
    """Repeats the serial number where ``irreversible`` is allowed."""

    @property
    def allowed(self) -> frozenset[Effect]:
        """All effects that are allowed; reading always is."""
        return frozenset(("reads", *self.ceiling))
