"""Register activation (class 6): masks of registers, of which one is active and says what energy is booked to."""

from collections.abc import Mapping

from reference_meter.model.data import Pair, array, long_unsigned, octet_string, structure, unsigned
from reference_meter.model.energy import EnergyMeter
from reference_meter.model.objects import MEASURING, Attribute, CosemObject
from reference_meter.model.script import SCRIPTED
from reference_meter.model.written import OCTET_STRING, written

__all__ = ["RegisterActivation", "mask_name"]


def mask_name(rate: int) -> bytes:
    """The name of the mask with the registers of a tariff."""
    return b"RATE%d" % rate


class RegisterActivation:
    """Each tariff has a mask with its registers; a mask that does not exist puts the default tariff in force."""

    def __init__(self, energy: EnergyMeter, rates: tuple[int, ...], default_rate: int) -> None:
        self.rates = rates
        self.default_rate = default_rate
        self.energy = energy

    def activate(self, name: bytes) -> None:
        """Book energy to the registers of a mask from now on."""
        found = [rate for rate in self.rates if mask_name(rate) == name]
        self.energy.active_rate = found[0] if found else self.default_rate

    def object(self, obis: bytes, registers: Mapping[int, tuple[bytes, ...]]) -> CosemObject:
        """The instance of class 6 for the registers of each tariff; only scripts change the mask."""
        assigned = [register for rate in self.rates for register in registers[rate]]

        def mask(rate: int) -> Pair:
            indices = array(unsigned(assigned.index(register) + 1) for register in registers[rate])
            return structure(octet_string(mask_name(rate)), indices)

        return CosemObject(
            class_id=6,
            version=0,
            obis=obis,
            attributes={
                2: Attribute(
                    read=lambda: array(structure(long_unsigned(3), octet_string(code)) for code in assigned),
                    readers=MEASURING,
                ),
                3: Attribute(read=lambda: array(map(mask, self.rates)), readers=MEASURING),
                4: Attribute(
                    read=lambda: octet_string(mask_name(self.energy.active_rate)),
                    readers=MEASURING,
                    write=lambda data: self.activate(written(data, OCTET_STRING)),
                    writers=SCRIPTED,
                ),
            },
        )
