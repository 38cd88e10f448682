"""DF.3: measured data are given to the client that has the right to them and to no other."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.codec.conformance import GET
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.configuration import Role
from reference_meter.server.association import Association, SessionKey
from reference_meter.server.model_port import AccessRefused, Selection

__all__ = ["FAMILIES"]

_CLAUSE = "DF.3"
_VALUE = 2
_MEASURED_CLASSES = (3, 4, 5, 7)
_PROFILE = 7

Get = Callable[[int, int, bytes, int, Selection | None], Pair]
Applies = Callable[[bytes, int, Selection | None], bool]
"""Whether the refusal of this object, attribute and selection is where the meter goes wrong."""


def _give_away(meter: Meter, role: Role, applies: Applies) -> None:
    """Give a client of ``role`` what only the reading client has the right to."""
    wrongly = {client.sap for client in meter.configuration.clients if client.role == role}

    def get(
        original: Get, client: int, class_id: int, obis: bytes, attribute: int, selection: Selection | None
    ) -> Pair:
        try:
            return original(client, class_id, obis, attribute, selection)
        except AccessRefused:
            measured = class_id in _MEASURED_CLASSES and attribute == _VALUE
            if client not in wrongly or not measured or not applies(obis, attribute, selection):
                raise
            given = meter.model.find(client, class_id, obis).get("reading", attribute, selection)
            meter.fire()
            return given

    wrap(meter.model, "get", get)


def _measured(meter: Meter) -> list[bytes]:
    instances = meter.configuration.instances
    return [
        instances.energy_import_total,
        instances.energy_export_total,
        instances.power_import,
        instances.max_demand_import,
        instances.average_demand_import,
        instances.load_profile,
    ]


@deviation("public-given-one-measured-value", _CLAUSE, about="The public client is given one measured object.")
def public_given_one_measured_value(meter: Meter, rng: Random) -> None:
    """Draw the object."""
    drawn = rng.choice(_measured(meter))
    _give_away(meter, "public", lambda obis, attribute, selection: obis == drawn)


@deviation("list-skips-the-right", _CLAUSE, about="In a list the public client is given registers.")
def list_skips_the_right(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    in_list = False

    def answer_list(original: Callable[..., Any], association: Association, request: Any) -> Any:
        nonlocal in_list
        in_list = True
        try:
            return original(association, request)
        finally:
            in_list = False

    wrap(meter.server.services.gets, "answer_list", answer_list)
    _give_away(meter, "public", lambda obis, attribute, selection: in_list)


@deviation("selection-skips-the-right", _CLAUSE, about="The public client is given the load profile in parts.")
def selection_skips_the_right(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    _give_away(meter, "public", lambda obis, attribute, selection: selection is not None)


@deviation(
    "rights-of-the-other-client",
    _CLAUSE,
    about="While the reading client is associated the public client has its rights as well.",
)
def rights_of_the_other_client(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    model = meter.model
    reading = {client.sap for client in meter.configuration.clients if client.role == "reading"}
    _give_away(
        meter,
        "public",
        lambda obis, attribute, selection: any(client in reading for _, client in model.open_associations),
    )


@deviation(
    "standing-client-given-values",
    _CLAUSE,
    about="A client that is associated at all times is given registers when it asks.",
)
def standing_client_given_values(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def find(original: Callable[[SessionKey], Association | None], key: SessionKey) -> Association | None:
        association = original(key)
        if association is not None and association.standing:
            association.conformance |= GET
            association.standing = False
        return association

    wrap(meter.server.associations, "find", find)
    _give_away(meter, "pre_established", lambda obis, attribute, selection: selection is None)


FAMILIES = (
    public_given_one_measured_value,
    list_skips_the_right,
    selection_skips_the_right,
    rights_of_the_other_client,
    standing_client_given_values,
)
