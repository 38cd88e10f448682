"""Where pushes of the device arrive: under which keys, and what the device calls the place."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from harness.declaration.problem import Problems
from harness.declaration.secret import Secret
from harness.declaration.section import Section, Text, spelled

__all__ = ["PushParameters"]

_TITLE = "16 hexadecimal digits"


class PushParameters(Section):
    """Table ``[doors.push]``: data-notifications in the wrapper, sent by a push setup."""

    destination: Text | None = None
    """Destination that the push setup has for this place, as a text; None where that is not judged."""
    encryption_key: Secret | None = None
    """With it pushes come in general-glo-ciphering."""
    authentication_key: Secret | None = None
    """Without it tags of enciphered pushes are not judged."""
    system_title: Annotated[str, AfterValidator(spelled(r"[0-9A-Fa-f]{16}", _TITLE))] | None = None
    """Of the device, in enciphered pushes; None takes any."""
    delay_s: Annotated[float, Field(ge=0, le=3600)] = 10.0
    """So long after it is due a push may begin at the latest."""

    @model_validator(mode="after")
    def _keys_belong_together(self) -> Self:
        for key in ("authentication_key", "system_title"):
            if self.encryption_key is None and getattr(self, key) is not None:
                raise Problems.one("has no use without encryption_key", "also a key encryption_key", path=(key,))
        return self
