"""DF.2: billing sets that come too rarely, cannot be fetched, tell nothing, or are given to others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import NULL
from reference_meter.model.data_sets import SetCapture
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import AccessRefused, Selection

__all__ = ["FAMILIES"]

_CLAUSE = "DF.2"
_BUFFER = 2


def _billing(meter: Meter) -> SetCapture:
    return meter.model.parts.data_sets.captures["month"]


@deviation("billing-set-too-rare", _CLAUSE, about="A billing set is stored in some months of the year only.")
def billing_set_too_rare(meter: Meter, rng: Random) -> None:
    """Draw the months at whose begin there is one."""
    months = rng.choice(((1,), (1, 7), (1, 4, 7, 10), (2, 4, 6, 8, 10)))
    schedule, clock = meter.model.parts.data_sets.schedules["month"], meter.model.metering.clock

    def execute(original: Callable[[], None]) -> None:
        if clock.rules.local(clock.now).month in months:
            original()
        else:
            meter.fire()

    wrap(schedule, "execute", execute)


@deviation("billing-set-gone-once-fetched", _CLAUSE, about="A billing set that was fetched is not kept any longer.")
def billing_set_gone(meter: Meter, rng: Random) -> None:
    """Draw whether all of them, or the newest."""
    profile, whole = _billing(meter).profile, rng.random() < 0.5
    fetched: list[Row] = []

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        selected = original(selection)
        fetched[:] = selected.rows
        return selected

    def close_link(original: Callable[[int], None], link_id: int) -> None:
        original(link_id)
        gone = list(fetched) if whole else sorted(fetched, key=lambda row: row.captured_at)[-1:]
        for row in gone:
            if row in profile.rows:
                profile.rows.remove(row)
                meter.fire()
        fetched.clear()

    wrap(profile, "select", select)
    wrap(meter.server.associations, "close_link", close_link)


@deviation("billing-set-without-time-or-energy", _CLAUSE, about="A billing set has no time, or no energy.")
def billing_set_tells_nothing(meter: Meter, rng: Random) -> None:
    """Draw which."""
    capture, timed = _billing(meter), rng.random() < 0.5
    open_time = bytes.fromhex("FFFFFFFFFFFFFFFFFF8000FF")

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        selected = original(selection)
        if not selected.rows:
            return selected
        meter.fire()
        rows = tuple(replace(row, values=_robbed(row.values)) for row in selected.rows)
        return Selected(rows=rows, columns=selected.columns)

    def _robbed(values: tuple[Pair, ...]) -> tuple[Pair, ...]:
        if timed:
            return (values[0], *(NULL if place > 1 else one for place, one in enumerate(values[1:], start=1)))
        return ((9, open_time), *values[1:])

    wrap(capture.profile, "select", select)


@deviation("public-given-billing-sets", _CLAUSE, about="The public client is given billing sets.")
def public_given_billing_sets(meter: Meter, rng: Random) -> None:
    """Draw whether whole, in parts, or either way."""
    ways = rng.choice(((True,), (False,), (True, False)))
    public = {client.sap for client in meter.configuration.clients if client.role == "public"}
    billing = meter.configuration.billing.of("month").profile

    def get(
        original: Callable[..., Pair],
        client: int,
        class_id: int,
        obis: bytes,
        attribute: int,
        selection: Selection | None,
    ) -> Pair:
        try:
            return original(client, class_id, obis, attribute, selection)
        except AccessRefused:
            if client not in public or (obis, attribute) != (billing, _BUFFER) or (selection is None) not in ways:
                raise
            given = meter.model.find(client, class_id, obis).get("reading", attribute, selection)
            meter.fire()
            return given

    wrap(meter.model, "get", get)


@deviation("billing-sets-withheld", _CLAUSE, about="The client that reads is shown no billing set younger than a year.")
def billing_sets_withheld(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    profile, metering = _billing(meter).profile, meter.model.metering

    def is_old(row: Row, now: datetime) -> bool:
        return (now - row.captured_at).days >= 365

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        selected = original(selection)
        rows = tuple(row for row in selected.rows if is_old(row, metering.now))
        if rows != tuple(selected.rows):
            meter.fire()
        return Selected(rows=rows, columns=selected.columns)

    wrap(profile, "select", select)


FAMILIES = (
    billing_set_too_rare,
    billing_set_gone,
    billing_set_tells_nothing,
    public_given_billing_sets,
    billing_sets_withheld,
)
