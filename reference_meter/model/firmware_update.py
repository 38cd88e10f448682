"""An update of the application firmware, as the maker carries it out at the meter."""

from collections.abc import Mapping

from reference_meter.model.audit import Audit
from reference_meter.model.data import Pair, array, long_unsigned, octet_string, structure, unsigned
from reference_meter.model.objects import CosemObject
from reference_meter.model.parameter import Change, Parameter

__all__ = ["OTHER_APPLICATION", "bring_new_defaults"]

OTHER_APPLICATION = b"A2.0.0"
"""The identifier of the firmware that a meter can be updated to."""
_SPECIAL_DAYS, _ENTRIES = 11, 2
_NEW_DAY = structure(long_unsigned(0x7001), octet_string(bytes.fromhex("FFFF0C1FFF")), unsigned(1))
"""The last day of every year."""


def bring_new_defaults(objects: Mapping[bytes, CosemObject], special_days: bytes, audit: Audit) -> None:
    """The other firmware knows one special day more; a meter without special days has nothing new."""
    table = objects.get(special_days)
    if table is None:
        return
    days = table.attributes[_ENTRIES]
    entries: tuple[Pair, ...] = tuple(days.read()[1])
    if days.write is None or _NEW_DAY in entries:
        return
    value = array((*entries, _NEW_DAY))
    parameter = Parameter(class_id=_SPECIAL_DAYS, obis=special_days, attribute=_ENTRIES)
    with audit.naming(Change(parameter=parameter, value=value)):
        days.write(value)
