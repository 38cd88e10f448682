"""Who the device is."""

from typing import Annotated, Literal

from pydantic import Field

from harness.declaration.section import Section, Slug, Text

__all__ = ["GATEWAYS", "METERS", "Identity", "Medium", "Role"]

Medium = Literal["electricity", "gas", "water", "heat"]
Role = Literal["meter", "nnap", "lnap"]
METERS: frozenset[Role] = frozenset({"meter"})
GATEWAYS: frozenset[Role] = frozenset({"nnap", "lnap"})


class Identity(Section):
    """The device's names and what it measures."""

    name: Slug
    """Short name of the device under test, used in the names of run folders."""
    manufacturer: Text
    type: Text
    serial: Text
    firmware: Text
    medium: Medium
    roles: Annotated[tuple[Role, ...], Field(strict=False, min_length=1)] = ("meter",)
    """``nnap`` and ``lnap`` are gateways: neighbourhood and local network access points."""
