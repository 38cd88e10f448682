"""The consumer port: how often it tells something, what, and under which keys."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from harness.declaration.problem import Problems
from harness.declaration.secret import Secret
from harness.declaration.section import Section, spelled

__all__ = ["ConsumerParameters", "HanParameters", "LongerList"]

_NUMBER = r"(?:0|[1-9][0-9]{0,2})"
_ADDRESS = "an address such as 1-0:1.8.1"
_TITLE = "16 hexadecimal digits"
_SCALE = 'a power of ten and a unit, such as "0.01 A" or "10 Wh"'
SCALE_PATTERN: Final = r"(?:1|10|100|1000|0\.1|0\.01|0\.001) [A-Za-z0-9]+"
_FORMAT = 'zeros and a unit, such as "000000.000*kWh"'
Address = Annotated[
    str, AfterValidator(spelled(rf"{_NUMBER}-{_NUMBER}:{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:\*{_NUMBER})?", _ADDRESS))
]
_Addresses = Annotated[tuple[Address, ...], Field(strict=False)]
_Seconds = Annotated[float, Field(gt=0, le=3600)]


class ConsumerParameters(Section):
    """Table ``[doors.p1]``; ``[doors.han]`` has these keys and more."""

    period_s: _Seconds = 1.0
    """From the begin of a telegram to that of the next one: 1 s in DSMR 5, 10 s before."""
    tolerance: Annotated[float, Field(gt=0, le=1)] = 0.2
    """By which share of itself the period may be longer or shorter on the average."""
    checksum: bool = True
    """Whether a checksum follows the exclamation mark; DSMR 2 and 3 have none."""
    objects: _Addresses = ()
    """The addresses of all that a telegram tells; nothing else may stand in it."""
    sometimes: _Addresses = ()
    """Those of them that need not be in every telegram."""
    formats: dict[Address, Annotated[str, AfterValidator(spelled(r"0+(?:\.0+)?(?:\*[A-Za-z0-9]+)?", _FORMAT))]] = Field(
        default_factory=dict
    )
    """How numbers stand in telegrams of P1: a zero for each digit."""
    age_s: Annotated[float, Field(ge=0, le=3600)] | None = None
    """How old values may be when their telegram begins; None means one period."""
    data_request: Literal["rts", "dtr"] | None = None
    """Line of the serial port that switches the meter's data request; None where the request is always on."""
    request_s: Annotated[float, Field(ge=0, le=10)] = 0.5
    """So long after the request has come or gone the meter may take to act on it."""
    encryption_key: Secret | None = None
    """The consumer's own; with it telegrams come in general-glo-ciphering."""
    authentication_key: Secret | None = None
    """Without it tags of enciphered telegrams are not judged."""
    system_title: Annotated[str, AfterValidator(spelled(r"[0-9A-Fa-f]{16}", _TITLE))] | None = None
    """Of the meter, in enciphered telegrams; None takes any."""

    @property
    def oldest_s(self) -> float:
        """How old values may be when their telegram begins."""
        return self.period_s if self.age_s is None else self.age_s

    @model_validator(mode="after")
    def _keys_belong_together(self) -> Self:
        for key in ("authentication_key", "system_title"):
            if self.encryption_key is None and getattr(self, key) is not None:
                raise Problems.one("has no use without encryption_key", "also a key encryption_key", path=(key,))
        return self


class LongerList(Section):
    """One of ``[[doors.han.longer]]``: what is told besides, more rarely."""

    period_s: Annotated[float, Field(gt=0, le=86_400)]
    objects: Annotated[tuple[Address, ...], Field(strict=False, min_length=1)]


class HanParameters(ConsumerParameters):
    """Table ``[doors.han]``: pushes in HDLC frames."""

    form: Literal["described", "named", "placed"] = "described"
    """OBIS code, value, scaler and unit; OBIS code and value; or values alone, in the order of ``objects``."""
    scales: dict[Address, Annotated[str, AfterValidator(spelled(SCALE_PATTERN, _SCALE))]] = Field(default_factory=dict)
    """What numbers without scaler and unit count, where that is not whole Wh, W, A or V."""
    longer: Annotated[tuple[LongerList, ...], Field(strict=False)] = ()
    """Lists that come more rarely, in the place of the short one or besides it."""

    @model_validator(mode="after")
    def _places_are_known(self) -> Self:
        if self.form == "placed" and not self.objects:
            raise Problems.one("is missing, because form is placed", "the addresses in their order", path=("objects",))
        if self.formats:
            raise Problems.one("has no use where numbers are no text", "no formats", path=("formats",))
        return self
