"""The meter as its clients reach it: objects by OBIS code, rights by client."""

from datetime import datetime

from reference_meter.model.association import AssociationLn
from reference_meter.model.configuration import MECHANISM_NONE, Client, MeterConfiguration
from reference_meter.model.data import Pair, octet_string
from reference_meter.model.firmware_update import OTHER_APPLICATION, bring_new_defaults
from reference_meter.model.objects import (
    CosemObject,
    DataAccessResult,
)
from reference_meter.model.parameter import Change, Parameter
from reference_meter.model.parts import Parts
from reference_meter.security.store import SecurityStore
from reference_meter.server.model_port import AccessRefused, ClientProfile, ColumnDescriptor, CosemModel, Selection

__all__ = ["MeterModel"]

_YEARS = range(2000, 2100)
_TIME = (8, 2)


class MeterModel(CosemModel):
    """What the server asks; the state behind it is ``parts``."""

    def __init__(self, configuration: MeterConfiguration, security: SecurityStore | None = None) -> None:
        """``security`` is what an earlier life of the same meter has left, with its keys and counters."""
        self.configuration = configuration
        if security is None and configuration.security is not None:
            security = SecurityStore(configuration.security)
        self.security = security
        self._clients = {client.sap: client for client in configuration.clients}
        self.objects: dict[bytes, CosemObject] = {}
        self.open_associations: set[tuple[int, int]] = set()
        """Pairs of link and client SAP."""
        self.parts = Parts(configuration, security, self._read_column)
        self.metering = self.parts.metering
        self.objects.update((item.obis, item) for item in self.parts.objects(self.set_time, self.objects))
        self._associations = {
            client.sap: AssociationLn(configuration, client, self._all_objects) for client in configuration.clients
        }
        self.metering.live_through_history()

    # The server's questions

    def client(self, client_sap: int) -> ClientProfile | None:
        """The profile of a client, or None for one that the meter does not know."""
        client = self._clients.get(client_sap)
        if client is None:
            return None
        return ClientProfile(
            mechanism=client.mechanism,
            conformance=self.configuration.conformance_of(client),
            ciphered=client.ciphered,
            security=self.security if client.needs_keys else None,
            secret=client.secret,
            user_id=client.user_id,
            pre_established=client.pre_established,
        )

    def authenticate(self, client: int, mechanism: int, secret: bytes | None) -> bool:
        """Judge the secret presented with a mechanism."""
        known = self._clients.get(client)
        if known is None or known.mechanism != mechanism:
            return False
        return mechanism == MECHANISM_NONE or secret == known.secret

    def get(self, client: int, class_id: int, obis: bytes, attribute: int, selection: Selection | None) -> Pair:
        """Read an attribute; AccessRefused carries the data-access-result."""
        role = self._clients[client].role
        value = self.find(client, class_id, obis).get(role, attribute, selection)
        kind = self.parts.collected_by(obis, attribute)
        if kind is not None:
            self.parts.collection.fetched(kind)
        return value

    def request_over(self) -> None:
        """Note what data the request has fetched."""
        self.parts.collection.request_over()

    def set(
        self,
        client: int,
        class_id: int,
        obis: bytes,
        attribute: int,
        selection: Selection | None,
        data: Pair,
    ) -> int:
        """Write an attribute and give the data-access-result."""
        written = Parameter(class_id=class_id, obis=obis, attribute=attribute)
        try:
            with self.parts.logs.caused_by(client), self.parts.audit.naming(Change(parameter=written, value=data)):
                self.find(client, class_id, obis).set(self._clients[client].role, attribute, selection, data)
        except AccessRefused as refusal:
            return refusal.result
        return DataAccessResult.SUCCESS

    def action(
        self, client: int, class_id: int, obis: bytes, method: int, parameter: Pair | None
    ) -> tuple[int, Pair | None]:
        """Invoke a method and give the action-result; no method of this meter returns data."""
        try:
            with self.parts.logs.caused_by(client):
                self.find(client, class_id, obis).action(self._clients[client].role, method, parameter)
        except AccessRefused as refusal:
            return refusal.result, None
        return DataAccessResult.SUCCESS, None

    def association_changed(self, client: int, link_id: int, opened: bool) -> None:
        """Keep count of who is associated."""
        if opened:
            self.open_associations.add((link_id, client))
            self.parts.attacks.authenticated(client)
        else:
            self.open_associations.discard((link_id, client))

    def lock_out_diagnostic(self, client: int) -> int:
        """The diagnostic with which a client is refused for now, 0 for none."""
        return self.parts.attacks.lock_out_diagnostic(client)

    def authentication_failed(self, client: int) -> None:
        """Take notice of a wrong secret."""
        self.parts.attacks.authentication_failed(client)

    def deciphering_failed(self, client: int) -> None:
        """Take notice of a message that could not be deciphered."""
        self.parts.attacks.deciphering_failed(client)

    def replayed(self, client: int) -> None:
        """Take notice of a message that came again."""
        self.parts.attacks.replayed(client)

    # Objects

    def find(self, client: int, class_id: int, obis: bytes) -> CosemObject:
        """The object that a client means; AccessRefused for an unknown one or another class."""
        own_association = obis == self.configuration.instances.association
        item = self._associations[client] if own_association else self.objects.get(obis)
        if item is None or not (own_association or self.configuration.shows(obis)):
            raise AccessRefused(DataAccessResult.OBJECT_UNDEFINED)
        if item.class_id != class_id:
            raise AccessRefused(DataAccessResult.OBJECT_CLASS_INCONSISTENT)
        return item

    def set_time(self, instant: datetime) -> None:
        """Set the clock as a client asked; AccessRefused outside this century."""
        if instant.year not in _YEARS:
            raise AccessRefused(DataAccessResult.OTHER_REASON)
        self.parts.set_time(instant)

    def install_firmware(self, *, other: bool) -> None:
        """Put another application firmware in force, which brings a default of its own, or the former one again."""
        self.parts.image_transfer.application_id = OTHER_APPLICATION if other else self.configuration.application_id
        if other:
            bring_new_defaults(self.objects, self.configuration.instances.special_days, self.parts.audit)

    def _all_objects(self, client: Client) -> list[CosemObject]:
        others = (item for item in self.objects.values() if self.configuration.shows(item.obis))
        return [self._associations[client.sap], *others]

    def _read_column(self, column: ColumnDescriptor) -> Pair:
        clock = self.metering.clock
        if (column.class_id, column.attribute) == _TIME and not clock.rules.stored_deviation:
            return octet_string(clock.time_octets())
        return self.objects[column.obis].attributes[column.attribute].read()
