"""Facts by DLMS behind the sign-on of a local port."""

from collections.abc import Callable, Mapping, Sequence

from harness.checks.cross_door import Shown
from harness.checks.judged import Breach
from harness.checks.value import ScalerUnit, scaler_unit
from harness.declaration import AssociationDeclaration, Declaration
from harness.errors import Refused
from harness.headend.client import item
from harness.headend.facts.fact import UNITS, Fact, Found, shown_as_data
from harness.headend.optical import OpticalPort
from harness.headend.optical.behind_sign_on import read_objects_behind_sign_on
from harness.protocol.axdr import Data
from harness.session import AssociationRequest

__all__ = ["BehindSignOnFacts"]

_DEMAND_REGISTER = 5


class BehindSignOnFacts:
    """Has the device go over to HDLC and reads as one declared client there."""

    def __init__(
        self,
        port: OpticalPort,
        declaration: Declaration,
        declared: AssociationDeclaration,
        request: Callable[[], AssociationRequest],
    ) -> None:
        """``request`` makes a fresh association request of the client."""
        self._port = port
        self._declared = declared
        self._request = request
        fault = declaration.hardware_fault
        self._fault_bits = 0 if fault is None else fault.bits

    def read(self, facts: Sequence[Fact]) -> Found:
        """Return what is shown of each fact; what is missing or damaged is judged between good exchanges."""
        wanted = [(fact.target, attribute) for fact in facts for attribute in _attributes(fact)]
        items = [item(target, attribute) for target, attribute in wanted]
        port = self._port

        def attempt() -> list[Data | Refused]:
            return read_objects_behind_sign_on(port, self._declared, self._request(), items)

        found = port.judge.judged("readings behind the sign-on", attempt, attempt, lambda: port.last_record)
        port.close_all()
        values = {(target.obis, attribute): data for (target, attribute), data in zip(wanted, found, strict=True)}
        return {fact.name: self._shown(fact, values) for fact in facts}

    def _shown(self, fact: Fact, values: Mapping[tuple[str, int], Data | Refused]) -> Shown | str:
        data, *of_unit = (values[fact.target.obis, attribute] for attribute in _attributes(fact))
        if isinstance(data, Refused):
            return str(data)
        unit: ScalerUnit | None = None
        for told in of_unit:
            if isinstance(told, Refused):
                return str(told)
            found = scaler_unit(told)
            if isinstance(found, Breach):
                return f"its unit is {found.observed}"
            unit = found
        door, frame = self._port.door.id, self._port.last_record
        return shown_as_data(fact, data, unit, door=door, frame=frame, fault_bits=self._fault_bits)


def _attributes(fact: Fact) -> tuple[int, ...]:
    """The attributes that show it: its value, and the unit of an amount."""
    if fact.kind not in UNITS:
        return (fact.target.attribute,)
    return fact.target.attribute, 4 if fact.target.class_id == _DEMAND_REGISTER else 3
