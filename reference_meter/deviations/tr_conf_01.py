"""TR-Conf.01: meters whose legally relevant part can be written from outside."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.overwriting import (
    ACCESS,
    ACTION,
    BLOCKS,
    BROADCAST,
    LIST,
    LIST_BLOCKS,
    UNCONFIRMED,
    Write,
    energy_registers,
    overwrite,
    reset_energy,
    take_path,
)
from reference_meter.meter import Meter
from reference_meter.model.objects import DataAccessResult

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.01a"
_VALUE, _SCALER_UNIT, _RESET = 2, 3, 1


def _clients(meter: Meter, *roles: str) -> list[int]:
    return [client.sap for client in meter.configuration.clients if client.role in roles]


@deviation("energy-register-writable", _CLAUSE, about="The management clients may write one energy register.")
def energy_register_writable(meter: Meter, rng: Random) -> None:
    """Draw the register."""
    register = rng.choice(energy_registers(meter))
    managing = _clients(meter, "management")
    overwrite(meter, lambda write: write.client in managing and (write.obis, write.attribute) == (register, _VALUE))


@deviation("scaler-writable", _CLAUSE, about="One kind of client may write the scaler and unit of an energy register.")
def scaler_writable(meter: Meter, rng: Random) -> None:
    """Draw the register and the kind of client."""
    register = rng.choice(energy_registers(meter))
    clients = _clients(meter, rng.choice(("reading", "management")))
    overwrite(
        meter, lambda write: write.client in clients and (write.obis, write.attribute) == (register, _SCALER_UNIT)
    )


@deviation("meter-constant-writable", _CLAUSE, about="A legally relevant constant can be written.")
def meter_constant_writable(meter: Meter, rng: Random) -> None:
    """Draw constant or firmware signature."""
    codes = meter.configuration.instances
    constant = rng.choice((codes.meter_constant, codes.firmware_signature))
    managing = _clients(meter, "management")
    overwrite(meter, lambda write: write.client in managing and (write.obis, write.attribute) == (constant, _VALUE))


@deviation("refused-write-is-applied", _CLAUSE, about="The write of an energy register is refused and applied.")
def refused_write_is_applied(meter: Meter, rng: Random) -> None:
    """Draw the register and the kind of client."""
    register = rng.choice(energy_registers(meter))
    clients = _clients(meter, rng.choice(("public", "reading", "management")))
    overwrite(
        meter,
        lambda write: write.client in clients and (write.obis, write.attribute) == (register, _VALUE),
        told=DataAccessResult.READ_WRITE_DENIED,
    )


def _by_path(meter: Meter, rng: Random, *paths: str) -> None:
    """One register, value or scaler, for one kind of client, by these paths only."""
    register, attribute = rng.choice(energy_registers(meter)), rng.choice((_VALUE, _SCALER_UNIT))
    clients = _clients(meter, rng.choice(("reading", "management")))

    def takes(write: Write) -> bool:
        return (
            write.path in paths and write.client in clients and (write.obis, write.attribute) == (register, attribute)
        )

    overwrite(meter, takes)


@deviation("set-with-list-skips-the-right", _CLAUSE, about="What a SET may not write, a SET with list may.")
def set_with_list_skips(meter: Meter, rng: Random) -> None:
    """Draw register, attribute and kind of client."""
    _by_path(meter, rng, LIST)


@deviation("set-in-blocks-skips-the-right", _CLAUSE, about="What a SET may not write, a SET in blocks may.")
def set_in_blocks_skips(meter: Meter, rng: Random) -> None:
    """Draw register, attribute, kind of client, and whether with list."""
    _by_path(meter, rng, rng.choice((BLOCKS, LIST_BLOCKS)))


@deviation("access-skips-the-right", _CLAUSE, about="What a SET may not write, an ACCESS may.")
def access_skips(meter: Meter, rng: Random) -> None:
    """Draw register, attribute and kind of client."""
    _by_path(meter, rng, ACCESS)


@deviation("unconfirmed-set-skips-the-right", _CLAUSE, about="What a SET may not write, an unconfirmed one may.")
def unconfirmed_set_skips(meter: Meter, rng: Random) -> None:
    """Draw register, attribute and kind of client."""
    _by_path(meter, rng, UNCONFIRMED)


@deviation(
    "pre-established-client-writes-energy", _CLAUSE, about="The pre-established client may write an energy register."
)
def pre_established_writes(meter: Meter, rng: Random) -> None:
    """Draw the register."""
    register = rng.choice(energy_registers(meter))
    clients = _clients(meter, "pre_established")
    overwrite(
        meter,
        lambda write: (
            write.path == UNCONFIRMED
            and write.client in clients
            and (write.obis, write.attribute) == (register, _VALUE)
        ),
    )


@deviation("broadcast-writes-energy", _CLAUSE, about="A message to all stations may write an energy register.")
def broadcast_writes(meter: Meter, rng: Random) -> None:
    """Draw the register."""
    register = rng.choice(energy_registers(meter))
    overwrite(meter, lambda write: write.path == BROADCAST and (write.obis, write.attribute) == (register, _VALUE))


@deviation("energy-reset-by-clients", _CLAUSE, about="Resetting an energy register sets all energy to zero.")
def energy_reset(meter: Meter, rng: Random) -> None:
    """Draw who may, and whether it is refused all the same, or asked for without an answer."""
    clients = _clients(meter, rng.choice(("reading", "management")))
    told, wanted = rng.choice(
        (
            (DataAccessResult.SUCCESS, (ACTION, UNCONFIRMED)),
            (DataAccessResult.READ_WRITE_DENIED, (ACTION,)),
            (DataAccessResult.SUCCESS, (UNCONFIRMED,)),
        )
    )
    registers, path = energy_registers(meter), take_path(meter)

    def action(
        original: Callable[..., tuple[int, Pair | None]],
        client: int,
        class_id: int,
        obis: bytes,
        method: int,
        parameter: Pair | None,
    ) -> tuple[int, Pair | None]:
        if client in clients and obis in registers and method == _RESET and path() in wanted:
            reset_energy(meter)
            return told, None
        return original(client, class_id, obis, method, parameter)

    wrap(meter.model, "action", action)


FAMILIES = (
    energy_register_writable,
    scaler_writable,
    meter_constant_writable,
    refused_write_is_applied,
    set_with_list_skips,
    set_in_blocks_skips,
    access_skips,
    unconfirmed_set_skips,
    pre_established_writes,
    broadcast_writes,
    energy_reset,
)
