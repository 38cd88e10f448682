"""Facts that the device pushes when it is told to."""

from collections.abc import Sequence

from harness.checks.cross_door import Shown
from harness.declaration import CosemObject
from harness.errors import ProtocolViolation, Refused
from harness.headend.client import Client
from harness.headend.facts.fact import UNITS, Fact, Found, shown_as_data
from harness.headend.head_end import HeadEnd
from harness.headend.pushing import Pushed, PushedAttribute, PushListener, PushSetup
from harness.headend.registers import read_scaler_unit
from harness.protocol.axdr import Data

__all__ = ["PushedFacts"]


class PushedFacts:
    """Has the management client tell the device to push, and finds facts by the objects of the push setup."""

    def __init__(self, listener: PushListener, head_end: HeadEnd, setup: CosemObject) -> None:
        """``head_end`` stands at a door for DLMS of the same device."""
        self._listener = listener
        self._head_end = head_end
        self._setup = setup

    def read(self, facts: Sequence[Fact]) -> Found:
        """Return what a push tells of each fact."""
        self._listener.listen()
        client = self._head_end.associate("management")
        try:
            setup = PushSetup(client, self._setup)
            objects = setup.objects()
            setup.push()
            push = self._listener.wait(self._listener.settings.delay_s)
            if push is None:
                raise ProtocolViolation("the device was told to push, and nothing came")
            return {fact.name: self._shown(client, fact, objects, push) for fact in facts}
        except Refused as refused:
            return dict.fromkeys((fact.name for fact in facts), f"the device cannot be told to push: {refused}")
        finally:
            self._listener.close_all()
            client.close()

    def _shown(self, client: Client, fact: Fact, objects: Sequence[PushedAttribute], push: Pushed) -> Shown | str:
        cells = push.body.value if isinstance(push.body.value, tuple) else ()
        if len(cells) != len(objects):
            return f"{len(cells)} values are pushed where {len(objects)} are due"
        target = fact.target
        wanted = (target.class_id, target.obis, target.attribute, 0)
        for one, cell in zip(objects, cells, strict=True):
            if (one.class_id, one.obis, one.attribute, one.index) == wanted and isinstance(cell, Data):
                unit = read_scaler_unit(client, target, self._head_end.clause) if fact.kind in UNITS else None
                fault = self._head_end.declaration.hardware_fault
                return shown_as_data(
                    fact,
                    cell,
                    unit,
                    door=self._listener.door.id,
                    frame=push.frame,
                    fault_bits=0 if fault is None else fault.bits,
                )
        return "it is not pushed"
