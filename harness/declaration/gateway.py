"""What a gateway declares about the devices behind it and its records of them."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from harness.declaration.association import AssociationDeclaration
from harness.declaration.door import Door
from harness.declaration.identity import GATEWAYS, Identity
from harness.declaration.objects import CosemObject
from harness.declaration.problem import Problem, Problems, listed
from harness.declaration.section import AnswerName, Section, Slug, Text, spelled
from harness.declaration.through import Through

__all__ = ["Command", "DeviceBehind", "GatewayBehaviour", "gateway_problems"]

_OCTETS = "the encoded value in hexadecimal"
_NAME = CosemObject.model_validate({"class": 1, "obis": "0.0.42.0.0.255"})


class Command(Section):
    """A method with its parameter."""

    class_id: Annotated[int, Field(alias="class", ge=0, le=0xFFFF)]
    obis: Text
    method: Annotated[int, Field(ge=1, le=127)]
    parameter: Annotated[str, AfterValidator(spelled("(?:[0-9A-Fa-f]{2} ?)*", _OCTETS))] = "0F 00"
    """Its parameter, encoded, in hexadecimal."""

    @property
    def encoded(self) -> bytes | None:
        """The encoded parameter, None where there is none."""
        return bytes.fromhex(self.parameter) or None


class DeviceBehind(Section):
    """One device on the gateway's list."""

    name: Text
    """As the gateway calls it, on its list and in its records."""
    through: Through | None = None
    """The way to it where requests carry a prefix."""
    sap: Annotated[int, Field(ge=1, le=0xFFFF)] | None = None
    """Its server SAP where it is reached as a logical device of the gateway."""
    recorded_as: Text | Annotated[int, Field(ge=0, le=0xFFFFFFFF)] | None = None
    """What stands for it in a record, where that is not its name."""
    code_offset: Annotated[int, Field(ge=0, le=0xFFFF)] = 0
    """Added to the codes of events about it, where codes tell the devices apart."""
    reader: Slug
    """Id of the association, among those of this section, that may read it."""
    manager: Slug | None = None
    """Id of the one that may change it."""
    answers: dict[str, Annotated[tuple[AnswerName, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict
    )
    """Error condition -> what it answers when it is asked directly; without it whatever the catalogue allows."""
    removal: Command | None = None
    """Of the gateway itself: what takes the device off its list."""
    installation: Command | None = None
    """Likewise what puts it on the list again."""
    own_door: Door | None = None
    """A door for DLMS at which it answers itself, to the clients of this section."""
    shows: Text | None = None
    """What it gives where ``reads`` is read; without it only that two devices give unlike values is judged."""

    @model_validator(mode="after")
    def _reached_in_one_way(self) -> Self:
        if (self.through is None) == (self.sap is None):
            raise Problems.one(
                "is reached in no way or in two", "either a table through with network, address, or a key sap"
            )
        if self.own_door is not None and not self.own_door.speaks_dlms:
            raise Problems.one(f'is "{self.own_door.protocol}"', "a protocol for DLMS", path=("own_door", "protocol"))
        if (self.removal is None) != (self.installation is None):
            raise Problems.one("has one of removal and installation alone", "both of them, or neither")
        return self

    @property
    def recorded(self) -> str | int:
        """What stands for it in a record."""
        return self.name if self.recorded_as is None else self.recorded_as


class GatewayBehaviour(Section):
    """The devices behind the gateway, and how it keeps its records."""

    devices: Annotated[tuple[DeviceBehind, ...], Field(strict=False)] = ()
    doors: Annotated[tuple[Slug, ...], Field(strict=False, min_length=1)] | None = None
    """Ids of the doors from which the devices can be reached; without this key all that carry DLMS."""
    associations: Annotated[tuple[AssociationDeclaration, ...], Field(strict=False)] = ()
    """Clients of the devices behind it; those of the gateway itself stand in ``[[associations]]``."""
    reads: CosemObject = _NAME
    """What every device behind it gives to its reader."""
    compared: Annotated[tuple[CosemObject, ...], Field(strict=False)] = ()
    """What devices with a door of their own give there and through the gateway; without it what ``reads`` names."""
    writes: CosemObject | None = None
    """What every device lets its manager write; it is written as it is."""
    command: Command | None = None
    """A method that every device behind the gateway has for its manager and that does no harm."""
    time_tolerance_s: Annotated[float, Field(ge=0, le=60)] = 2.0
    """How far the time of a record may be from that of the gateway's clock."""
    attempts: Annotated[int, Field(ge=1, le=20)] = 1
    """After so many requests without success a device is recorded as out of reach."""
    detection_s: Annotated[float, Field(ge=0, le=86400)] = 0.0
    """So long after it the record may come."""
    refusals_recorded: bool = True
    """Whether a request that a device refuses is recorded as one that it carries out."""
    own_polls: bool = False
    """Whether it asks the devices by itself too and records that as it records what head ends do."""
    removable: bool = True
    """Whether a head end can take devices off the list and put them on it."""
    repeats: bool = False
    """Whether a condition that lasts is recorded again and again."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        known = [one.id for one in self.associations]
        problems: list[Problem] = []
        for number, device in enumerate(self.devices):
            for key in ("reader", "manager"):
                named = getattr(device, key)
                if named is not None and named not in known:
                    wrong = f'is "{named}", which is no association of this section'
                    problems.append(Problem(path=("devices", number, key), wrong=wrong, allowed=listed(known)))
            if device.name in [other.name for other in self.devices[:number]]:
                wrong = f'"{device.name}" is taken'
                problems.append(Problem(path=("devices", number, "name"), wrong=wrong, allowed="a name of its own"))
        if problems:
            raise Problems(problems)
        return self

    def association(self, association_id: str) -> AssociationDeclaration:
        """The association of this id; the section has been checked for it."""
        return next(one for one in self.associations if one.id == association_id)


def gateway_problems(gateway: GatewayBehaviour, identity: Identity, dlms_doors: Sequence[str]) -> Iterator[Problem]:
    """What does not fit other sections: devices stand behind gateways, and are reached from doors that carry DLMS."""
    if gateway.devices and not GATEWAYS & set(identity.roles):
        yield Problem(
            path=("gateway", "devices"),
            wrong="names devices behind a gateway, and identity.roles names no gateway",
            allowed="nnap or lnap among identity.roles, or no such table here",
        )
    for number, door_id in enumerate(gateway.doors or ()):
        if door_id not in dlms_doors:
            wrong = f'is "{door_id}", which is no door that carries DLMS'
            yield Problem(path=("gateway", "doors", number), wrong=wrong, allowed=listed(dlms_doors))
