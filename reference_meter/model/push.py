"""Push setups (class 40): what the meter tells the utility by itself, on schedule or because something has happened."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reference_meter.model.audit import Audit
from reference_meter.model.data import (
    Pair,
    array,
    enum,
    integer,
    long_unsigned,
    octet_string,
    structure,
    unsigned,
)
from reference_meter.model.event_settings import EventRole
from reference_meter.model.execution_time import ExecutionTime
from reference_meter.model.metering import Metering
from reference_meter.model.objects import MEASURING, Attribute, CosemObject, Method, trigger
from reference_meter.model.push_settings import PUSH_SETUP, PushDescriptor, PushSettings
from reference_meter.model.script import EXECUTE, ScriptAction, ScriptTable
from reference_meter.model.single_action import SingleActionSchedule

__all__ = ["PushSetup", "ScheduledPush"]

_CLASS: Final = PUSH_SETUP
_PUSH: Final = 1
_TCP, _AXDR = 0, 0


class PushSetup:
    """Collects the values of some objects and hands them to whoever carries them: ``carriers``."""

    def __init__(
        self,
        settings: PushSettings,
        listed: Sequence[PushDescriptor],
        objects: Mapping[bytes, CosemObject],
        carriers: list[Callable[["PushSetup"], None]],
    ) -> None:
        self.settings = settings
        self.listed = tuple(listed)
        """What is pushed; the first is this setup itself."""
        self.carriers = carriers
        """What is told that a push is due; it asks for the ``body``."""
        self._objects = objects

    def push(self) -> None:
        """Have the values told."""
        for carry in tuple(self.carriers):
            carry(self)

    def hear(self, event: EventRole) -> None:
        """Push where an event is to be told at once."""
        if event in self.settings.events:
            self.push()

    def body(self) -> Pair:
        """The values of the objects, in their order."""
        return structure(*(self.value(one) for one in self.listed))

    def value(self, one: PushDescriptor) -> Pair:
        """The value of one object now."""
        return self._objects[one.obis].attributes[one.attribute].read()

    def object(self) -> CosemObject:
        """The push setup."""

        def shown(read: Callable[[], Pair]) -> Attribute:
            return Attribute(read=read, readers=MEASURING)

        return CosemObject(
            class_id=_CLASS,
            version=0,
            obis=self.listed[0].obis,
            attributes={
                2: shown(lambda: array(_descriptor(one) for one in self.listed)),
                3: shown(lambda: structure(enum(_TCP), octet_string(self.settings.destination), enum(_AXDR))),
                4: shown(lambda: array(())),
                5: shown(lambda: long_unsigned(0)),
                6: shown(lambda: unsigned(0)),
                7: shown(lambda: long_unsigned(0)),
            },
            methods={_PUSH: Method(invoke=trigger(self.push))},
        )


class ScheduledPush(PushSetup):
    """A push setup with the schedule and the script that have it push."""

    def __init__(
        self, settings: PushSettings, metering: Metering, audit: Audit, objects: Mapping[bytes, CosemObject]
    ) -> None:
        super().__init__(settings, settings.objects, objects, [])
        self._audit = audit
        action = ScriptAction(service=EXECUTE, class_id=_CLASS, obis=settings.setup, index=_PUSH, parameter=integer(0))
        self.table = ScriptTable(settings.script, {1: (action,)}, objects)
        self.schedule = SingleActionSchedule(
            metering.clock,
            {settings.script: self.table},
            script=(settings.script, 1),
            times=(ExecutionTime(at=settings.at),),
            catches_up=False,
        )
        metering.drive(self.schedule)

    def all_objects(self) -> list[CosemObject]:
        """Push setup, script table and schedule."""
        return [self.object(), self.table.object(), self.schedule.object(self.settings.schedule, self._audit)]


def _descriptor(one: PushDescriptor) -> Pair:
    return structure(long_unsigned(one.class_id), octet_string(one.obis), integer(one.attribute), long_unsigned(0))
