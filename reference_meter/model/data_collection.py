"""The log of data collection: who has fetched readings or intervals, as far as the filter selects it."""

from collections.abc import Callable, Collection, Mapping

from reference_meter.model.audit import Audit
from reference_meter.model.data import Pair, bit_string
from reference_meter.model.event_log import EventLogs
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject
from reference_meter.model.written import BIT_STRING, out_of_range, written

__all__ = ["COLLECTED", "OF_GAS", "DataCollection"]

COLLECTED: tuple[EventRole, ...] = ("readings_collected", "intervals_collected")
OF_GAS: Mapping[EventRole, EventRole] = {
    "readings_collected_gas": "readings_collected",
    "intervals_collected_gas": "intervals_collected",
}
"""What is collected of the gas meter -> the kind with which it is selected."""
"""What each bit of the filter selects, the first bit first."""

_VALUE = 2
_HIGHEST_BIT = 0x80


class DataCollection:
    """One entry for each request that has fetched data of a kind that is selected."""

    def __init__(self, logs: EventLogs, selected: Collection[EventRole], *, each: bool = False) -> None:
        """``each``: every value leaves an entry, also of one request."""
        self._each = each
        self._logs = logs
        self.selected = frozenset(selected)
        self._fetched: list[EventRole] = []

    def fetched(self, kind: EventRole) -> None:
        """Note that the request under way has fetched such data."""
        self._fetched.append(kind)

    def request_over(self) -> None:
        """Make the entries of the request that has been answered."""
        for kind in self._fetched if self._each else [one for one in (*COLLECTED, *OF_GAS) if one in self._fetched]:
            if OF_GAS.get(kind, kind) in self.selected:
                self.record(kind)
        self._fetched.clear()

    def record(self, kind: EventRole) -> None:
        """Make one entry."""
        self._logs.record(kind)

    def filter(self) -> Pair:
        """The filter as bits."""
        octet = sum(_HIGHEST_BIT >> bit for bit, kind in enumerate(COLLECTED) if kind in self.selected)
        return bit_string(len(COLLECTED), bytes([octet]))

    def write_filter(self, data: Pair) -> None:
        """Select other kinds; there are no others than these."""
        bits, octets = written(data, BIT_STRING)
        if bits != len(COLLECTED):
            raise out_of_range()
        self.selected = frozenset(kind for bit, kind in enumerate(COLLECTED) if octets[0] & (_HIGHEST_BIT >> bit))

    def object(self, obis: bytes, audit: Audit) -> CosemObject:
        """The filter as an object."""
        write: Callable[[Pair], None] = audit.writing(self.filter, lambda data: self.write_filter(data))
        value = Attribute(read=self.filter, readers=MEASURING, write=write, writers=MANAGING)
        return CosemObject(class_id=1, version=0, obis=obis, attributes={_VALUE: value})
