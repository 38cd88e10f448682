"""TR-Conf.02: rights that are not those that the object lists announce."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.codec.request import GET_REQUEST
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.reading import Read, change_values
from reference_meter.meter import Meter
from reference_meter.model.data import octet_string
from reference_meter.model.objects import MANAGING, MEASURING, CosemObject, DataAccessResult
from reference_meter.server.association import Association, SessionKey
from reference_meter.server.model_port import AccessRefused
from reference_meter.server.protection import PlainProtection

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.02b"
_VALUE, _SECRET, _OBJECT_LIST = 2, 7, 2
_DATA, _ASSOCIATION = 1, 15
_READ_AND_WRITE = 3
_RIGHTS = 3


def _clients(meter: Meter, role: str) -> list[int]:
    return [client.sap for client in meter.configuration.clients if client.role == role]


def _measured(meter: Meter, rng: Random) -> CosemObject:
    """Draw an object that only those who measure may read."""
    codes = meter.configuration.instances
    return meter.model.objects[
        rng.choice((codes.energy_import_total, codes.max_demand_import, codes.power_export, codes.seal_status))
    ]


@deviation("read-only-value-taken", _CLAUSE, about="A value that is announced as read only can be written.")
def read_only_value_taken(meter: Meter, rng: Random) -> None:
    """Draw the object and the kind of client."""
    codes = meter.configuration.instances
    code = rng.choice((codes.serial_number, codes.firmware_id, codes.active_tariff, codes.configuration_counter))
    clients = _clients(meter, rng.choice(("reading", "management")))

    def write(original: Callable[..., int], client: int, class_id: int, obis: bytes, attribute: int, *more: Any) -> int:
        result = original(client, class_id, obis, attribute, *more)
        if result == DataAccessResult.SUCCESS or client not in clients or (obis, attribute) != (code, _VALUE):
            return result
        meter.fire()
        return DataAccessResult.SUCCESS

    wrap(meter.model, "set", write)


@deviation("announced-value-refused", _CLAUSE, about="A value that is announced as readable is refused.")
def announced_value_refused(meter: Meter, rng: Random) -> None:
    """Draw object, kind of client and result."""
    strange = _measured(meter, rng).obis
    clients = _clients(meter, rng.choice(("reading", "management")))
    result = rng.choice((DataAccessResult.READ_WRITE_DENIED, DataAccessResult.OBJECT_UNDEFINED))

    def change(read: Read, pair: Pair) -> Pair:
        if read.client in clients and read.is_of(strange):
            meter.fire()
            raise AccessRefused(result)
        return pair

    change_values(meter, change)


@deviation("announced-write-refused", _CLAUSE, about="A value that is announced as writable is not taken.")
def announced_write_refused(meter: Meter, rng: Random) -> None:
    """Draw the value."""
    writable = sorted(
        item.obis
        for item in meter.model.objects.values()
        if item.class_id == _DATA and item.attributes[_VALUE].writable_by("management")
    )
    code = rng.choice(writable)

    def write(original: Callable[..., int], client: int, class_id: int, obis: bytes, attribute: int, *more: Any) -> int:
        if (obis, attribute) != (code, _VALUE) or client not in _clients(meter, "management"):
            return original(client, class_id, obis, attribute, *more)
        meter.fire()
        return DataAccessResult.READ_WRITE_DENIED

    wrap(meter.model, "set", write)


@deviation("hidden-object-readable", _CLAUSE, about="The public client reads an object that it is not told of.")
def hidden_object_readable(meter: Meter, rng: Random) -> None:
    """Draw the object."""
    strange = _measured(meter, rng)
    public = _clients(meter, "public")

    def get(original: Callable[..., Pair], client: int, class_id: int, obis: bytes, attribute: int, *more: Any) -> Pair:
        if client in public and (class_id, obis, attribute) == (strange.class_id, strange.obis, _VALUE):
            meter.fire()
            return strange.attributes[_VALUE].read()
        return original(client, class_id, obis, attribute, *more)

    wrap(meter.model, "get", get)


@deviation("public-reads-the-secret", _CLAUSE, about="The public client is given the secret of another one.")
def public_reads_secret(meter: Meter, rng: Random) -> None:
    """Draw whose secret it is."""
    role = rng.choice(("reading", "management"))
    secret = next(client.secret for client in meter.configuration.clients if client.role == role)
    public = _clients(meter, "public")

    def get(original: Callable[..., Pair], client: int, class_id: int, obis: bytes, attribute: int, *more: Any) -> Pair:
        if client in public and (class_id, attribute) == (_ASSOCIATION, _SECRET):
            meter.fire()
            return octet_string(secret)
        return original(client, class_id, obis, attribute, *more)

    wrap(meter.model, "get", get)


def _change_mode(meter: Meter, clients: list[int], code: bytes, mode: int) -> None:
    """Announce another access mode for the value of one object."""

    def changed(element: Pair) -> Pair:
        fields = list(element[1])
        if fields[2] != octet_string(code):
            return element
        attributes, methods = fields[_RIGHTS][1]
        rows = [
            (row[0], [row[1][0], (row[1][1][0], mode), row[1][2]]) if row[1][0][1] == _VALUE else row
            for row in attributes[1]
        ]
        fields[_RIGHTS] = (fields[_RIGHTS][0], [(attributes[0], rows), methods])
        return element[0], fields

    def change(read: Read, pair: Pair) -> Pair:
        if read.client not in clients or (read.class_id, read.attribute) != (_ASSOCIATION, _OBJECT_LIST):
            return pair
        return pair[0], [changed(element) for element in pair[1]]

    change_values(meter, change)


@deviation("object-list-announces-too-much", _CLAUSE, about="The object list announces a right that there is not.")
def object_list_announces_too_much(meter: Meter, rng: Random) -> None:
    """Draw the object."""
    codes = meter.configuration.instances
    code = rng.choice((codes.serial_number, codes.configuration_counter, codes.seal_status))
    _change_mode(meter, _clients(meter, "management"), code, _READ_AND_WRITE)


@deviation("object-list-leaves-a-right-out", _CLAUSE, about="The object list denies a right that there is.")
def object_list_leaves_right_out(meter: Meter, rng: Random) -> None:
    """Draw the object and the kind of client."""
    _change_mode(meter, _clients(meter, rng.choice(("reading", "management"))), _measured(meter, rng).obis, 0)


@deviation("forbidden-method-works", _CLAUSE, about="A client may call a method that is not announced to it.")
def forbidden_method_works(meter: Meter, rng: Random) -> None:
    """Draw the object with its method, and the kind of client."""
    codes = meter.configuration.instances
    code, number = rng.choice(
        ((codes.max_demand_import, 1), (codes.load_profile, 2), (codes.standard_log, 1), (codes.image_transfer, 3))
    )
    clients = _clients(meter, rng.choice(("public", "reading")))
    item = meter.model.objects[code]

    def action(
        original: Callable[..., tuple[int, Pair | None]],
        client: int,
        class_id: int,
        obis: bytes,
        method: int,
        parameter: Pair | None,
    ) -> tuple[int, Pair | None]:
        if client not in clients or (class_id, obis, method) != (item.class_id, code, number):
            return original(client, class_id, obis, method, parameter)
        meter.fire()
        return DataAccessResult.SUCCESS, None

    wrap(meter.model, "action", action)


@deviation(
    "lower-client-inherits-rights",
    _CLAUSE,
    about="While a client with more rights is associated, the public one reads what that one may read.",
)
def lower_client_inherits(meter: Meter, rng: Random) -> None:
    """Draw whose rights are inherited."""
    roles = rng.choice((MANAGING, MEASURING))
    public, model = _clients(meter, "public"), meter.model
    owners = {client.sap for client in meter.configuration.clients if client.role in roles}

    def get(original: Callable[..., Pair], client: int, class_id: int, obis: bytes, *more: Any) -> Pair:
        try:
            return original(client, class_id, obis, *more)
        except AccessRefused:
            beside = [sap for _, sap in model.open_associations if sap in owners]
            if client not in public or not beside or class_id == _ASSOCIATION:
                raise
        value = original(beside[0], class_id, obis, *more)
        meter.fire()
        return value

    wrap(model, "get", get)


@deviation(
    "association-for-all-connections",
    _CLAUSE,
    about="While a client is associated, requests are served over connections on which nobody is.",
)
def association_for_all_connections(meter: Meter, rng: Random) -> None:
    """Draw whether those of the same client address alone or those of any."""
    same_client = rng.choice((True, False))
    associations = meter.server.associations

    def find(original: Callable[[SessionKey], Association | None], key: SessionKey) -> Association | None:
        found = original(key)
        if found is not None:
            return found
        others = (
            association
            for other, association in associations.open.items()
            if other.client == key.client or not same_client
        )
        other = next((one for one in others if isinstance(one.protection, PlainProtection)), None)
        if other is not None:
            meter.fire()
        return other

    wrap(associations, "find", find)


@deviation("data-before-the-proof", _CLAUSE, about="A client is served before it has answered the challenge.")
def data_before_proof(meter: Meter, rng: Random) -> None:
    """Draw whether only before a wrong answer or also after it."""
    after_too = rng.choice((False, True))

    def judge(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        waiting = association.authentication
        if waiting is None or apdu[:1] != bytes([GET_REQUEST]) or (association.rejected and not after_too):
            return original(association, apdu)
        association.authentication = None
        meter.fire()
        try:
            return original(association, apdu)
        finally:
            association.authentication = waiting

    wrap(meter.server.services, "judge", judge)


@deviation("password-compared-in-part", _CLAUSE, about="A password that only begins like the right one opens.")
def password_compared_in_part(meter: Meter, rng: Random) -> None:
    """Draw whether one that goes on is taken or one that ends too early."""
    longer = rng.choice((False, True))
    secrets = {client.sap: client.secret for client in meter.configuration.clients}

    def authenticate(
        original: Callable[..., bool], client: int, presented: int, secret: bytes | None, *more: Any
    ) -> bool:
        right = secrets.get(client) or b""
        if secret is None or not right or secret == right:
            return original(client, presented, secret, *more)
        resembles = secret.startswith(right) if longer else len(secret) > 1 and right.startswith(secret)
        if resembles:
            meter.fire()
        return original(client, presented, right if resembles else secret, *more)

    wrap(meter.model, "authenticate", authenticate)


FAMILIES = (
    password_compared_in_part,
    read_only_value_taken,
    announced_value_refused,
    announced_write_refused,
    hidden_object_readable,
    public_reads_secret,
    object_list_announces_too_much,
    object_list_leaves_right_out,
    forbidden_method_works,
    lower_client_inherits,
    association_for_all_connections,
    data_before_proof,
)
