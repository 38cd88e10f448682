"""Values that the parameters of a profile cannot take, and what a device may do with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.declaration import Profile
from harness.errors import Inconclusive
from harness.headend.profile_setup import (
    CAPTURE_OBJECTS,
    CAPTURE_PERIOD,
    PROFILE_ENTRIES,
    columns_data,
    number_data,
)
from harness.headend.profiles import Column
from harness.protocol.axdr import Data, DataType

__all__ = ["ATTEMPTS", "MOST_NUMBER", "Attempt", "denied_attempt"]

_UNKNOWN_OBJECT = Column(class_id=3, obis="1.0.99.7.250.255", attribute=2, index=0)
MOST_NUMBER = 0xFFFF_FFFF
"""The largest number of entries that can be written at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A value that must not be taken."""

    attribute: int
    data: Data
    conditions: tuple[str, ...] = ("value_out_of_range",)
    may_be_taken: bool = False
    """Whether a device may take it as well, if it then has it."""
    clipped_to: int | None = None
    """What may be found in its place where the declaration leaves it open or says so; 0 for anything smaller."""


MakeAttempt = Callable[[Profile, Sequence[Column]], Attempt]


def _unknown_object(declared: Profile, columns: Sequence[Column]) -> Attempt:
    conditions = ("unknown_object", "value_out_of_range")
    return Attempt(attribute=CAPTURE_OBJECTS, data=columns_data((*columns, _UNKNOWN_OBJECT)), conditions=conditions)


def _unknown_attribute(declared: Profile, columns: Sequence[Column]) -> Attempt:
    wrong = replace(columns[-1], attribute=99)
    conditions = ("unknown_attribute", "unknown_object", "value_out_of_range")
    return Attempt(attribute=CAPTURE_OBJECTS, data=columns_data((*columns[:-1], wrong)), conditions=conditions)


def _too_many_objects(declared: Profile, columns: Sequence[Column]) -> Attempt:
    most = declared.most_columns
    if most is None:
        raise Inconclusive(
            "the declaration does not say how many objects can be captured (profiles.load_profile.most_columns)",
            missing="declaration",
        )
    return Attempt(attribute=CAPTURE_OBJECTS, data=columns_data((*columns, *[columns[-1]] * (most + 1 - len(columns)))))


def _odd_period(declared: Profile, columns: Sequence[Column]) -> Attempt:
    """A period that neither divides the hour nor is declared."""
    allowed = declared.allowed_periods_s
    odd = next(one for one in (59, 7, 61) if one not in (allowed or ()))
    return Attempt(attribute=CAPTURE_PERIOD, data=number_data(odd), may_be_taken=allowed is None)


def _too_many_entries(declared: Profile, columns: Sequence[Column]) -> Attempt:
    clipped = None if declared.depth_beyond == "refused" else declared.most_entries or 0
    beyond = MOST_NUMBER if declared.most_entries is None else min(declared.most_entries + 1, MOST_NUMBER)
    return Attempt(attribute=PROFILE_ENTRIES, data=number_data(beyond), clipped_to=clipped)


def _fixed(attempt: Attempt) -> MakeAttempt:
    return lambda declared, columns: attempt


def _wrong_type(attribute: int, data: Data) -> MakeAttempt:
    return _fixed(Attempt(attribute=attribute, data=data, conditions=("wrong_type",)))


ATTEMPTS: Mapping[str, MakeAttempt] = {
    "an unknown capture object": _unknown_object,
    "an unknown attribute to capture": _unknown_attribute,
    "more capture objects than fit": _too_many_objects,
    "no capture objects": _fixed(Attempt(attribute=CAPTURE_OBJECTS, data=columns_data(()), may_be_taken=True)),
    "capture objects of a wrong type": _wrong_type(CAPTURE_OBJECTS, Data(DataType.OCTET_STRING, b"\x01\x02")),
    "an odd capture period": _odd_period,
    "a capture period of a wrong type": _wrong_type(CAPTURE_PERIOD, Data(DataType.LONG_UNSIGNED, 60)),
    "no entries": _fixed(Attempt(attribute=PROFILE_ENTRIES, data=number_data(0))),
    "more entries than fit": _too_many_entries,
    "a number of entries of a wrong type": _wrong_type(PROFILE_ENTRIES, Data(DataType.LONG_UNSIGNED, 10)),
}
"""By what feature files call them."""


def denied_attempt(name: str, columns: Sequence[Column], parameters: Mapping[int, Data]) -> Attempt:
    """Return another ``period``, number of ``entries`` or list of ``objects`` than there is, so that a change shows."""
    attribute = {"period": CAPTURE_PERIOD, "entries": PROFILE_ENTRIES, "objects": CAPTURE_OBJECTS}[name]
    if attribute == CAPTURE_OBJECTS:
        return Attempt(
            attribute=attribute,
            data=columns_data(columns[:-1]),
            conditions=("no_write_right", "service_not_negotiated"),
        )
    value = parameters[attribute].value
    if not isinstance(value, int):
        raise Inconclusive(f"attribute {attribute} of the load profile is no number", missing="device")
    other = value * 2 if attribute == CAPTURE_PERIOD and value else max(1, value - 1)
    return Attempt(
        attribute=attribute, data=number_data(other), conditions=("no_write_right", "service_not_negotiated")
    )
