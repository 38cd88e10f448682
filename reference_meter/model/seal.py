"""The seal and what it protects: the transformer ratios can be written only while it is open."""

from collections.abc import Callable

from reference_meter.model.audit import Audit
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair, bit_string, long_unsigned
from reference_meter.model.event_log import EventLogs
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject, data_object
from reference_meter.model.written import LONG_UNSIGNED, written_in

__all__ = ["Seal", "seal_objects"]

_RATIOS = range(1, 10_001)
_SWITCHES = 8
_OPEN = 0x80


class Seal:
    """A cover that only hands can open."""

    def __init__(self, logs: EventLogs, raise_alarm: Callable[[], None]) -> None:
        self.open = False
        self._logs = logs
        self._raise_alarm = raise_alarm

    def move(self, *, to_open: bool) -> None:
        """Open or close it; what is so already makes no event."""
        if to_open != self.open:
            self.open = to_open
            if to_open:
                self._raise_alarm()
            self._logs.record("seal_opened" if to_open else "seal_closed")

    def is_closed(self) -> bool:
        """Whether the sealed parameters are locked."""
        return not self.open

    def status(self) -> Pair:
        """The switches as bits, the first one for this seal: 1 is open."""
        return bit_string(_SWITCHES, bytes([_OPEN if self.open else 0]))


class _Ratio:
    """One transformer ratio."""

    def __init__(self) -> None:
        self.value = 1

    def read(self) -> Pair:
        return long_unsigned(self.value)

    def write(self, data: Pair) -> None:
        self.value = written_in(data, LONG_UNSIGNED, _RATIOS)

    def object(self, obis: bytes, seal: Seal | None, audit: Audit) -> CosemObject:
        """Without a seal nobody can write it."""
        if seal is None:
            return data_object(obis, self.read, MEASURING)
        attribute = Attribute(
            read=self.read,
            readers=MEASURING,
            write=audit.writing(self.read, self.write, protected=True),
            writers=MANAGING,
            locked=seal.is_closed,
        )
        return CosemObject(class_id=1, version=0, obis=obis, attributes={2: attribute})


def seal_objects(configuration: MeterConfiguration, seal: Seal | None, audit: Audit) -> list[CosemObject]:
    """The ratios, and the seal's state where there is a seal."""
    instances = configuration.instances
    ratios = (instances.transformer_ratio_current, instances.transformer_ratio_voltage)
    status = [data_object(instances.seal_status, seal.status, MEASURING)] if seal else []
    return [*(_Ratio().object(obis, seal, audit) for obis in ratios), *status]
