"""Settings of the local port: everything that a variant may want to turn."""

from dataclasses import dataclass, field

__all__ = ["OpticalSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpticalSettings:
    """Who answers at the port, and how; times in seconds."""

    address: str = "00000001"
    """Besides it an empty address is answered; zeros in front count for nothing."""
    manufacturer: str = "CFM"
    rate: str = "5"
    """A digit is mode C, a letter from A to F mode B, anything else mode A."""
    name: str = "REFMETER-1"
    speaks_hdlc: bool = True
    password: bytes = field(default=b"port-5621", repr=False)
    operand: str = "00000000"
    """What the meter says when it asks for the password."""
    reaction_s: float = 0.2
    idle_s: float = 60.0
    """After this silence a dialogue is given up."""
    after_readout_s: float = 1.5
    """So long a repetition of the readout may be asked for."""
    refuses_by_nak: bool = False
    """A negative acknowledgement stands for every error message."""
    full_codes: bool = False
    """Addresses are whole OBIS codes such as ``1-0:1.8.0*255``."""
    in_watt_hours: bool = False
    """Energy is a number of Wh without places."""
    energy_places: int = 3
    """Of energy in kWh; what has no place is rounded off."""
    standard_time: bool = False
    """Time and date are in the readout, without summer time."""
