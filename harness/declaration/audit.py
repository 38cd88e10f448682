"""The audit trail: which parameters leave an entry when they are changed, and which data collection is logged."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from harness.declaration.event import EVENT_ROLES
from harness.declaration.objects import CosemObject, Obis
from harness.declaration.problem import Problems, listed, suggestion
from harness.declaration.section import Section, spelled

__all__ = ["Audit", "AuditedMethod", "AuditedParameter", "Collection"]

_OCTETS = 'an encoded value in hexadecimal digits, such as "06 00 00 03 84"'
EncodedValue = Annotated[
    str, AfterValidator(spelled(r"(?:[0-9A-Fa-f]{2} ?)+", _OCTETS)), Field(description=_OCTETS, min_length=2)
]
_EVENT = "parameters_changed"


def _known(role: str) -> str:
    if role not in EVENT_ROLES:
        raise Problems.one(f'is "{role}", which is unknown{suggestion(role, EVENT_ROLES)}', listed(EVENT_ROLES))
    return role


Bit = Annotated[int, Field(ge=0, le=255)]
EventName = Annotated[str, AfterValidator(_known)]


class AuditedParameter(Section):
    """An attribute whose change leaves an entry."""

    class_id: Annotated[int, Field(alias="class", ge=0, le=0xFFFF)]
    obis: Obis
    attribute: Annotated[int, Field(ge=2, le=127)]
    event: EventName = _EVENT
    """Role of the event that notes the change."""
    values: Annotated[tuple[EncodedValue, ...], Field(strict=False)] = ()
    """Values that may be set without harm; where there are none, one near the present value is tried."""

    @property
    def target(self) -> CosemObject:
        """The object."""
        return CosemObject.model_validate({"class": self.class_id, "obis": self.obis})

    def __str__(self) -> str:
        return f"class {self.class_id} {self.obis} attribute {self.attribute}"


class AuditedMethod(Section):
    """A method that changes a parameter, with the one that undoes it."""

    class_id: Annotated[int, Field(alias="class", ge=0, le=0xFFFF)]
    obis: Obis
    method: Annotated[int, Field(ge=1, le=127)]
    parameter: EncodedValue | None = None
    undone_by: Annotated[int, Field(ge=1, le=127)]
    """The method that takes the change back."""
    undo_parameter: EncodedValue | None = None
    event: EventName = _EVENT
    """Role of the event that notes the change."""

    @property
    def target(self) -> CosemObject:
        """The object."""
        return CosemObject.model_validate({"class": self.class_id, "obis": self.obis})

    def __str__(self) -> str:
        return f"class {self.class_id} {self.obis} method {self.method}"


class Audit(Section):
    """What is kept about changes of parameters."""

    parameters: Annotated[tuple[AuditedParameter, ...], Field(strict=False)] = ()
    """Parameters that are audited; without any, those are taken that a device usually has."""
    billing_parameters: Annotated[tuple[AuditedParameter, ...], Field(strict=False)] = ()
    """Attributes that affect a bill; without any, those of the declared objects that usually do."""
    billing_methods: Annotated[tuple[AuditedMethod, ...], Field(strict=False)] = ()
    """Methods that change what affects a bill; without any, a special day is put in and taken out, if both may be."""
    same_value_logged: Literal["either", "yes", "no"] = "either"
    """Whether a parameter that is written as it is leaves an entry."""
    clear_logs: bool = True
    """Whether the management client may clear a log."""


class Collection(Section):
    """The log of data collection."""

    readings_bit: Bit = 0
    """Bit of the filter that selects ``readings_collected``: of a bit-string the first is 0, of a number the lowest."""
    intervals_bit: Bit = 1
    """Likewise of ``intervals_collected``."""
    readings_gas_bit: Bit | None = None
    """Likewise of ``readings_collected_gas``; None where it is selected with ``readings_collected``."""
    intervals_gas_bit: Bit | None = None
    """Likewise of ``intervals_collected_gas``."""
    unit: Literal["request", "answer"] = "request"
    """Whether one request leaves one entry, or each value that it asks for."""
    failed_reads_logged: bool = False
    """Whether a request that was refused leaves an entry."""
    tells_apart: bool = True
    """Whether entries tell what is stored at set times from values that are asked for as they are."""
    unknown_bit: Literal["refused", "ignored"] | None = None
    """What becomes of a filter with a bit that selects nothing; None where either may be."""

    @model_validator(mode="after")
    def _bits_apart(self) -> Self:
        taken = {self.readings_bit: "readings_bit"}
        for key in ("intervals_bit", "readings_gas_bit", "intervals_gas_bit"):
            bit = getattr(self, key)
            if bit in taken:
                raise Problems.one("gives one bit two events", "another bit for each event", path=(key,))
            if bit is not None:
                taken[bit] = key
        return self

    def bit_of(self, event: str) -> int:
        """The bit that selects an event of data collection."""
        own: dict[str, int | None] = {
            "readings_collected": self.readings_bit,
            "intervals_collected": self.intervals_bit,
            "readings_collected_gas": self.readings_gas_bit,
            "intervals_collected_gas": self.intervals_gas_bit,
        }
        found = own[event]
        return self.bit_of(event.removesuffix("_gas")) if found is None else found
