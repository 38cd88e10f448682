"""Settings of the push setup: everything that a variant may want to turn."""

from dataclasses import dataclass
from datetime import time
from typing import Final

from reference_meter.model.data import obis
from reference_meter.model.event_settings import EventRole

__all__ = ["PUSH_SETUP", "PushDescriptor", "PushSettings"]

PUSH_SETUP: Final = 40
"""The interface class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushDescriptor:
    """One attribute that is pushed."""

    class_id: int
    obis: bytes
    attribute: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSettings:
    """What is pushed, whom and when."""

    setup: bytes = obis("0.0.25.9.0.255")
    script: bytes = obis("0.0.10.0.108.255")
    schedule: bytes = obis("0.0.15.0.4.255")
    objects: tuple[PushDescriptor, ...] = (
        PushDescriptor(class_id=PUSH_SETUP, obis=obis("0.0.25.9.0.255"), attribute=1),
        PushDescriptor(class_id=8, obis=obis("0.0.1.0.0.255")),
        PushDescriptor(class_id=3, obis=obis("1.0.1.8.0.255")),
        PushDescriptor(class_id=3, obis=obis("1.0.2.8.0.255")),
        PushDescriptor(class_id=1, obis=obis("0.0.97.98.0.255")),
    )
    event_setup: bytes = obis("0.1.25.9.0.255")
    """Of what is told as soon as an event has come about: this setup, and the registers of alarms and errors."""
    events: tuple[EventRole, ...] = ("seal_opened", "clock_invalid")
    """Which events these are."""
    destination: bytes = b"head-end:4059"
    at: time = time(0, 5)
    """When, each day."""
    client_sap: int = 102
    """Wrapper port that pushes go to."""
    control: int = 0x30
    """Security control octet; 0 sends in the clear."""
