"""Meters of other media that hand their data over to the device."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from harness.declaration.door import Door
from harness.declaration.objects import CosemObject
from harness.declaration.problem import Problems
from harness.declaration.section import Section, Text

__all__ = ["Child", "ChildMethod"]

ChildMethod = Literal["capture", "reset_alarm", "synchronize_clock", "install", "deinstall"]
_CLIENT_CLASS: Final = 72
_VALUE_CLASSES: Final = (3, 4)
_PROFILE_CLASS: Final = 7


class Child(Section):
    """Table ``[[children]]``: one such meter as the device shows it, and the way to ask it directly."""

    name: Text
    """By which the bench knows it."""
    client: CosemObject
    """The M-Bus client (class 72)."""
    value: CosemObject | None = None
    """The register (class 3 or 4) that shows what it has counted."""
    profile: CosemObject | None = None
    """The profile (class 7) of that register."""
    methods: Annotated[tuple[ChildMethod, ...], Field(strict=False)] = ("capture", "synchronize_clock")
    """Of the client, those that the device has."""
    installed_as: Annotated[int, Field(ge=0, le=250)] | None = None
    """Parameter of its installation; without it the primary address that the client shows before its removal."""
    removal_shown: bool = True
    """Whether the client shows of a meter that was removed neither the address nor the identification number."""
    refresh_s: Annotated[float, Field(ge=0, le=86400)] = 3600.0
    """So old at the most is what the device shows of it when nobody has it captured."""
    clock_within_s: Annotated[float, Field(ge=0, le=600)] = 60.0
    """How far its clock may be from that of the device once it was set; what its record does not tell comes on top."""
    time_tolerance_s: Annotated[float, Field(ge=0, le=600)] = 10.0
    """How far the time of a capture may be from the capture."""
    most_flow_m3_h: Annotated[float, Field(gt=0, le=1e6)] = 100.0
    """What it can count in an hour at the most; kilowatts where it counts energy."""
    link: Door | None = None
    """An M-Bus door at which it answers a master itself."""

    @model_validator(mode="after")
    def _classes_fit(self) -> Self:
        allowed = {"client": (_CLIENT_CLASS,), "value": _VALUE_CLASSES, "profile": (_PROFILE_CLASS,)}
        for key, classes in allowed.items():
            named = getattr(self, key)
            if named is not None and named.class_id not in classes:
                words = " or ".join(f"class = {one}" for one in classes)
                raise Problems.one(f"is of class {named.class_id}", words, path=(key, "class"))
        if self.link is not None and self.link.protocol != "mbus":
            raise Problems.one(f'is "{self.link.protocol}"', '"mbus"', path=("link", "protocol"))
        return self
