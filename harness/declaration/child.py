"""Meters of other media that hand their data over to the device."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from harness.declaration.door import Door
from harness.declaration.objects import CosemObject
from harness.declaration.problem import Problems
from harness.declaration.secret import Secret
from harness.declaration.section import Section, Text

__all__ = ["Child", "ChildKeyForms", "ChildMethod", "KeyForm"]

ChildMethod = Literal[
    "capture", "reset_alarm", "synchronize_clock", "install", "deinstall", "set_encryption_key", "transfer_key"
]
KeyForm = Literal["plain", "enciphered", "wrapped"]
_CLIENT_CLASS: Final = 72
_VALUE_CLASSES: Final = (3, 4)
_PROFILE_CLASS: Final = 7


class ChildKeyForms(Section):
    """Table ``[children.keying]``: how a key is given to the device, and to the meter behind it."""

    default_key: Secret | None = None
    """Key with which the meter has left its factory: under it the meter takes another one."""
    key_set: KeyForm = "plain"
    """Parameter of ``set_encryption_key``: the key itself, or in an AES key wrap under ``master_key`` of the client."""
    key_transferred: KeyForm = "enciphered"
    """Parameter of ``transfer_key``: the key in one block of AES under ``default_key``, wrapped under it, or plain."""
    in_use: Annotated[tuple[Annotated[int, Field(ge=0, le=255)], ...], Field(strict=False, min_length=1)] = (4,)
    """What the client's key status may be once a telegram was deciphered."""
    applied_within_s: Annotated[float, Field(ge=0, le=86400)] = 0.0
    """So long after its transfer the meter may still encipher with the key of before."""
    old_until_new: bool = False
    """Whether the device reads with the key of before until a telegram fits the new one."""

    @model_validator(mode="after")
    def _forms_fit(self) -> Self:
        if self.key_set == "enciphered":
            raise Problems.one('is "enciphered"', '"plain" or "wrapped"', path=("key_set",))
        return self


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
    keying: ChildKeyForms = ChildKeyForms()
    """How keys are given, where ``methods`` has ``set_encryption_key``."""
    link: Door | None = None
    """An M-Bus door at which it answers a master itself."""

    @property
    def medium(self) -> int | None:
        """What it meters, as M-Bus numbers it (3 is gas); None where nobody says it."""
        return None if self.link is None or self.link.mbus is None else self.link.mbus.medium

    @property
    def key(self) -> Secret | None:
        """The key with which it enciphers; None where nobody says it, or it does not encipher."""
        return None if self.link is None or self.link.mbus is None else self.link.mbus.encryption_key

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
