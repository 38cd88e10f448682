"""The gateway as a whole: a device with its own clock, log of events and audit trail, and meters behind it."""

from dataclasses import replace
from typing import Any, get_args

from reference_meter.gateway.child import Child
from reference_meter.gateway.device_log import DeviceLogs
from reference_meter.gateway.registration import DeviceScripts
from reference_meter.gateway.server import GatewayServer
from reference_meter.gateway.settings import ChildSettings, Condition, GatewaySettings, Recorded
from reference_meter.meter import Meter
from reference_meter.model.configuration import Client, Instances, MeterConfiguration
from reference_meter.model.data import Pair, array, long_unsigned, octet_string, structure, unsigned
from reference_meter.model.event_settings import EventSettings
from reference_meter.model.model import MeterModel
from reference_meter.model.objects import (
    ALL,
    MANAGING,
    MEASURING,
    Attribute,
    CosemObject,
    DataAccessResult,
    data_object,
)
from reference_meter.security.store import SecurityStore
from reference_meter.server.link import ServerLink
from reference_meter.server.model_port import AccessRefused

__all__ = ["OWN", "Gateway"]

_CLASS_SAPS = 17
_OWN_DOOR = "behind-"
_UNSIGNED = 17
_RETRIES = range(1, 4)
_KEPT = (
    "logical_device_name",
    "serial_number",
    "firmware_id",
    "clock",
    "standard_log",
    "standard_event_code",
    "fraud_log",
    "fraud_event_code",
    "parameter_monitor",
    "parameter_monitor_log",
    "configuration_counter",
    "configuration_date",
    "security_setup",
    "invocation_counter",
    "error_register",
    "alarm_register",
)
"""What a gateway has of a meter's objects."""
_ANNOUNCED: dict[str, Recorded] = {"tampered": "device_tampered", "power_lost": "device_power_lost"}
_CONDITIONS: tuple[Condition, ...] = get_args(Condition)

OWN = replace(
    MeterConfiguration(),
    name="gateway",
    clients=(
        Client(sap=16, role="public"),
        Client(sap=2, role="reading", mechanism=1, secret=b"reading1"),
        Client(sap=1, role="management", mechanism=1, secret=b"manage-1"),
        Client(sap=3, role="reading", name="reading-secured", mechanism=5, ciphered=True),
        Client(sap=4, role="management", name="management-secured", mechanism=5, ciphered=True),
    ),
    logical_device_name=b"CFM0000000000100",
    serial_number=b"00000100",
    has_seal=False,
    further_watched=((1, GatewaySettings().retry_count, 2),),
    history_days=0,
    events=EventSettings(logs=("standard", "fraud", "disconnector", "communication")),
)
"""The gateway's own configuration, as far as it is that of a meter."""


class GatewayModel(MeterModel):
    """A meter's model of which clients reach only what a gateway has too."""

    def __init__(self, configuration: MeterConfiguration, security: SecurityStore | None = None) -> None:
        self.shown = {getattr(configuration.instances, name) for name in _KEPT}
        """OBIS codes of the objects that are there for clients, beside their associations."""
        super().__init__(configuration, security)

    def find(self, client: int, class_id: int, obis: bytes) -> CosemObject:
        """The object that a client means; what is not shown is unknown."""
        if obis not in self.shown and obis != self.configuration.instances.association:
            raise AccessRefused(DataAccessResult.OBJECT_UNDEFINED)
        return super().find(client, class_id, obis)

    def _all_objects(self, client: Client) -> list[CosemObject]:
        own = self.configuration.instances.association
        return [item for item in super()._all_objects(client) if item.obis == own or item.obis in self.shown]


class Gateway(Meter):
    """All links share one model and the same meters behind it."""

    model_class = GatewayModel
    model: GatewayModel
    server: GatewayServer

    def __init__(self, configuration: MeterConfiguration = OWN, settings: GatewaySettings | None = None) -> None:
        self.settings = settings or GatewaySettings()
        saps = tuple(child.sap for child in self.settings.children) if self.settings.routing == "sap" else ()
        link = replace(configuration.link, server_saps=(*configuration.link.server_saps, *saps))
        super().__init__(replace(configuration, link=link))
        self.children = tuple(Child(one) for one in self.settings.children)
        clock = self.model.metering.clock
        self.logs = DeviceLogs(self.settings, clock, configuration.instances.clock)
        self.registration = DeviceScripts(self.settings.device_scripts, self.children, self.logs)
        self.server = GatewayServer(self.model, link, gateway=self.settings, children=self.children, logs=self.logs)
        self._show(configuration.instances)

    def open(self, door: str, line_now: float) -> ServerLink:
        """Connect at a door of the gateway; ``behind-1`` and so on are those of the devices themselves."""
        number = door.removeprefix(_OWN_DOOR)
        if door.startswith(_OWN_DOOR) and number.isdecimal() and 0 < int(number) <= len(self.children):
            return self.children[int(number) - 1].meter.open("wrapper", line_now)
        return super().open(door, line_now)

    def child(self, name: str) -> Child:
        """The device of a name; ``ValueError`` tells the names."""
        for one in self.children:
            if one.settings.name == name:
                return one
        raise ValueError(f"no device {name!r} here; there are {', '.join(one.settings.name for one in self.children)}")

    def control(self, request: object) -> dict[str, Any]:
        """Take an order of the bench: one about a device behind the gateway, or one that a meter takes too."""
        if isinstance(request, dict) and request.get("op") == "child":
            try:
                self.let(self.child(str(request.get("name"))), str(request.get("condition")))
            except ValueError as error:
                return {"ok": False, "error": str(error)}
            return {"ok": True}
        answer = super().control(request)
        if isinstance(request, dict) and request.get("op") == "advance" and answer["ok"]:
            for one in self.children:
                one.meter.control(request)
        return answer

    def let(self, child: Child, condition: str) -> None:
        """Let a device behave from now on in some way; what it announces is recorded at once."""
        known: Condition | None = next((one for one in _CONDITIONS if one == condition), None)
        if known is None:
            raise ValueError(f"condition is one of {', '.join(_CONDITIONS)}, not {condition!r}")
        if known in _ANNOUNCED:
            self.logs.record(_ANNOUNCED[known], child.settings)
        if known != "tampered":
            child.condition = known

    def _show(self, instances: Instances) -> None:
        """Put the gateway's own objects beside those that it has of a meter's."""
        own = [self._saps(instances.sap_assignment), self._retry_count(), *self.logs.objects()]
        own.append(self.registration.object())
        if self.settings.routing == "prefix":
            own.append(data_object(self.settings.device_list, self.device_list, MEASURING))
        self.model.shown |= {item.obis for item in own}
        self.model.objects.update((item.obis, item) for item in own)

    @property
    def installed(self) -> list[ChildSettings]:
        """The devices that the gateway takes for its own at present."""
        return [child.settings for child in self.children if child.installed]

    def device_list(self) -> Pair:
        """The devices by name, with network and address."""
        return array(
            structure(octet_string(one.name.encode()), unsigned(one.network), octet_string(one.address))
            for one in self.installed
        )

    def _retry_count(self) -> CosemObject:
        """How often a silent device is asked, which can be changed."""
        server, audit = self.server, self.model.parts.audit

        def write(data: Pair) -> None:
            if data[0] != _UNSIGNED:
                raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
            if data[1] not in _RETRIES:
                raise AccessRefused(DataAccessResult.OTHER_REASON)
            server.retries = data[1]

        value = Attribute(
            read=lambda: unsigned(server.retries),
            readers=MEASURING,
            write=audit.writing(lambda: server.retries, write),
            writers=MANAGING,
        )
        return CosemObject(class_id=1, version=0, obis=self.settings.retry_count, attributes={2: value})

    def _saps(self, obis: bytes) -> CosemObject:
        """The logical devices by name: the gateway's own, and the devices where they are reached so."""
        own = structure(long_unsigned(1), octet_string(self.configuration.logical_device_name))

        def read() -> Pair:
            others = self.installed if self.settings.routing == "sap" else ()
            return array([own, *(structure(long_unsigned(one.sap), octet_string(one.name.encode())) for one in others)])

        attributes = {2: Attribute(read=read, readers=ALL)}
        return CosemObject(class_id=_CLASS_SAPS, version=0, obis=obis, attributes=attributes)
