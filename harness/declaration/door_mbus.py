"""The M-Bus door: which slave is the device, and what it does in its own way."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from harness.declaration.problem import Problems
from harness.declaration.secret import Secret
from harness.declaration.section import Section, Whole, spelled

__all__ = ["ErrorCondition", "MBusParameters"]

ErrorCondition = Literal["unknown_command", "denied_write", "cut_record"]
_Octet = Annotated[int, Field(ge=0, le=255)]
_DIGITS = "eight decimal digits, e.g. 12345678"
_LETTERS = "three capital letters, or four hexadecimal digits"


class MBusParameters(Section):
    """Table ``[doors.mbus]``."""

    primary: Annotated[int, Field(ge=0, le=250)] | None = None
    """Primary address; without one the slave is selected by its secondary address."""
    identification: Annotated[str, AfterValidator(spelled(r"[0-9]{8}", _DIGITS))] | None = None
    """Identification number, part of the secondary address as the next three are."""
    manufacturer: Annotated[str, AfterValidator(spelled(r"[A-Z]{3}|[0-9A-F]{4}", _LETTERS))] | None = None
    version: _Octet | None = None
    medium: _Octet | None = None
    others: Annotated[tuple[Annotated[int, Field(ge=0, le=250)], ...], Field(strict=False)] = ()
    """Primary addresses of other slaves on the same bus."""
    encryption_key: Secret | None = None
    """Of records in encryption modes 5 and 7."""
    counts: Literal["energy", "volume"] = "energy"
    """What its registers count."""
    errors: Literal["telegram", "status", "either"] = "either"
    """How an application error is told: by a telegram of its own, or by bits of the next status octet."""
    error_codes: dict[ErrorCondition, Annotated[tuple[_Octet, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict
    )
    """Condition -> codes of the application error that this device has for it."""
    baud: Annotated[Literal[300, 600, 1200, 2400, 4800, 9600, 19200, 38400], Whole] | None = None
    """Rate of the bus, where the URL of the door does not say it."""
    bauds: Annotated[
        tuple[Annotated[Literal[300, 600, 1200, 2400, 4800, 9600, 19200, 38400], Whole], ...], Field(strict=False)
    ] = ()
    """Rates to which a master may switch it besides."""
    falls_back_after_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    """After this silence at another rate it is back at its first one; None where it does not go back by itself."""
    error_flags: Literal["error_register", "alarm_register"] | None = None
    """Whose bits the record of error flags shows; None where it is another set of bits."""
    due: Literal["day", "month", "year"] | None = None
    """How often it stores its registers, at midnight local time at the begin of a day, month or year."""

    dated: Literal["begun", "ended"] = "begun"
    """Which day's date a stored set bears: that of the day that begins then, or of the one that has ended."""

    @model_validator(mode="after")
    def _somebody_is_meant(self) -> Self:
        if self.primary is None and self.identification is None:
            raise Problems.one("is missing, and identification too", "a whole number from 0 to 250", path=("primary",))
        return self

    @property
    def codes(self) -> dict[ErrorCondition, tuple[int, ...]]:
        """The codes that each condition may have: what is declared over what the catalogue of errors says."""
        return {
            "unknown_command": (0x01,),
            "denied_write": (0x01, 0x10, 0x11, 0x12),
            "cut_record": (0x04, 0x05, 0x06, 0x10, 0x11, 0x12),
            **self.error_codes,
        }
