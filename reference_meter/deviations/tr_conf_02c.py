"""TR-Conf.02: seals that protect nothing, and changes behind them that leave no trace."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.overwriting import (
    ACCESS,
    BLOCKS,
    BROADCAST,
    LIST,
    LIST_BLOCKS,
    SET,
    UNCONFIRMED,
    Write,
    overwrite,
)
from reference_meter.meter import Meter
from reference_meter.model.objects import DataAccessResult

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.02c"
_VALUE = 2
_ALL = (SET, LIST, BLOCKS, LIST_BLOCKS, ACCESS, UNCONFIRMED)


def _ratios(meter: Meter) -> tuple[bytes, bytes]:
    codes = meter.configuration.instances
    return codes.transformer_ratio_current, codes.transformer_ratio_voltage


def _managing(meter: Meter) -> list[int]:
    return [client.sap for client in meter.configuration.clients if client.role == "management"]


def _unsealed(meter: Meter, rng: Random, *paths: str, told: int = DataAccessResult.SUCCESS) -> None:
    """One ratio, for management, by these paths."""
    ratio, clients = rng.choice(_ratios(meter)), _managing(meter)

    def takes(write: Write) -> bool:
        return (write.obis, write.attribute) == (ratio, _VALUE) and write.path in paths and write.client in clients

    overwrite(meter, takes, told=told)


@deviation("seal-ignored", _CLAUSE, about="What is behind the seal can be written while it is closed.")
def seal_ignored(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    _unsealed(meter, rng, *_ALL)


@deviation("seal-ignored-by-lists", _CLAUSE, about="A SET with list writes behind the closed seal.")
def seal_ignored_by_lists(meter: Meter, rng: Random) -> None:
    """Draw the parameter, and whether in blocks."""
    _unsealed(meter, rng, rng.choice((LIST, LIST_BLOCKS)))


@deviation("seal-ignored-by-access", _CLAUSE, about="An ACCESS writes behind the closed seal.")
def seal_ignored_by_access(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    _unsealed(meter, rng, ACCESS)


@deviation("seal-ignored-by-blocks", _CLAUSE, about="A SET in blocks writes behind the closed seal.")
def seal_ignored_by_blocks(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    _unsealed(meter, rng, BLOCKS)


@deviation("seal-ignored-without-answer", _CLAUSE, about="An unconfirmed SET writes behind the closed seal.")
def seal_ignored_without_answer(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    _unsealed(meter, rng, UNCONFIRMED)


@deviation("seal-ignored-by-broadcasts", _CLAUSE, about="A broadcast writes behind the closed seal.")
def seal_ignored_by_broadcasts(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    ratio = rng.choice(_ratios(meter))
    overwrite(meter, lambda write: write.path == BROADCAST and (write.obis, write.attribute) == (ratio, _VALUE))


@deviation("sealed-write-refused-and-applied", _CLAUSE, about="A write behind the closed seal is refused and applied.")
def refused_and_applied(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    _unsealed(meter, rng, *_ALL, told=DataAccessResult.READ_WRITE_DENIED)


@deviation("seal-stays-open", _CLAUSE, about="A seal that has been open once protects nothing any more.")
def seal_stays_open(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    ratio, seal = rng.choice(_ratios(meter)), meter.model.parts.seal
    opened = [False]

    def move(original: Callable[..., None], *, to_open: bool) -> None:
        opened[0] = opened[0] or to_open
        original(to_open=to_open)

    wrap(seal, "move", move)
    overwrite(meter, lambda write: opened[0] and (write.obis, write.attribute) == (ratio, _VALUE))


@deviation("open-seal-opens-nothing", _CLAUSE, about="With the seal open the management client may write no more.")
def open_seal_opens_nothing(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    ratio = rng.choice(_ratios(meter))

    def write(original: Callable[..., int], client: int, class_id: int, obis: bytes, *more: Any) -> int:
        seal = meter.model.parts.seal
        if obis != ratio or seal is None or not seal.open:
            return original(client, class_id, obis, *more)
        meter.fire()
        return DataAccessResult.READ_WRITE_DENIED

    wrap(meter.model, "set", write)


@deviation("protected-changes-miscounted", _CLAUSE, about="A change behind the seal is counted twice or not at all.")
def protected_changes_miscounted(meter: Meter, rng: Random) -> None:
    """Draw by how much the count is off."""
    audit, off = meter.model.parts.audit, rng.choice((-1, 1))

    def changed(original: Callable[..., None], *, protected: bool = False, **named: Any) -> None:
        original(protected=protected, **named)
        if protected:
            audit.protected_changes.number += off
            meter.fire()

    wrap(audit, "changed", changed)


@deviation("protected-change-not-logged", _CLAUSE, about="A change behind the seal leaves no event in the log.")
def protected_change_not_logged(meter: Meter, rng: Random) -> None:
    """No parameter."""
    audit, logs = meter.model.parts.audit, meter.model.parts.logs
    silent = [False]

    def changed(original: Callable[..., None], *, protected: bool = False, **named: Any) -> None:
        silent[0] = protected
        try:
            original(protected=protected, **named)
        finally:
            silent[0] = False

    def record(original: Callable[..., None], *arguments: Any) -> None:
        if silent[0]:
            meter.fire()
        else:
            original(*arguments)

    wrap(audit, "changed", changed)
    wrap(logs, "record", record)


FAMILIES = (
    seal_ignored,
    seal_ignored_by_lists,
    seal_ignored_by_access,
    seal_ignored_by_blocks,
    seal_ignored_without_answer,
    seal_ignored_by_broadcasts,
    refused_and_applied,
    seal_stays_open,
    open_seal_opens_nothing,
    protected_changes_miscounted,
    protected_change_not_logged,
)
