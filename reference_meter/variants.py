"""Right behaviours that differ from the default: other configurations, and what a declaration has to say of them."""

from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from reference_meter.codec.conformance import BLOCK_ACTION, BLOCK_GET, BLOCK_SET, GENERAL_PROTECTION
from reference_meter.model.configuration import (
    Client,
    Instances,
    MeterConfiguration,
    ProfileSettings,
    TariffSwitch,
)
from reference_meter.model.data import obis
from reference_meter.play_keys import CIPHERED_CLIENTS, TEST_SECURITY
from reference_meter.security.store import SecuritySettings
from reference_meter.server.settings import ALL_SERVICES, HdlcSettings, LinkSettings

__all__ = ["VARIANTS", "Variant"]

_DEFAULT = MeterConfiguration()
_MECHANISMS = {0: "none", 1: "lls", 5: "hls-gmac"}
_CONFORMANCE = ["GET", "SET", "ACTION", "SELECTIVE_ACCESS"]
_CONFORMANCE += ["BLOCK_GET", "BLOCK_SET", "BLOCK_ACTION", "MULTIPLE_REFERENCES"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One meter that is right in another way."""

    name: str
    about: str
    configuration: MeterConfiguration
    declaration: dict[str, Any]
    """Merge patch over the declaration of the default meter in the harness's own process."""
    exceptions: dict[str, str] = field(default_factory=dict)
    """Scenario id -> why it may end INCONCLUSIVE or NOT_APPLICABLE here."""

    @property
    def options(self) -> dict[str, str]:
        """The options that make this meter."""
        return {"variant": self.name}


def _doors(hdlc: dict[str, Any] | None = None, timing: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Both doors of the loop; lists in a merge patch replace the whole list."""
    base: dict[str, Any] = {"url": "loop://reference", "connections": 4, "associations": 4}
    if timing:
        base["timing"] = timing
    on_hdlc = {"hdlc": hdlc} if hdlc else {}
    return [
        {"id": "loop-wrapper", "protocol": "wrapper", **base},
        {"id": "loop-hdlc", "protocol": "hdlc", **base, **on_hdlc},
    ]


def _associations(clients: tuple[Client, ...], *more_conformance: str) -> list[dict[str, Any]]:
    """The associations of these clients as a declaration has them."""
    return [
        {
            "id": client.role,
            "role": client.role,
            "client_sap": client.sap,
            "mechanism": _MECHANISMS[client.mechanism],
            "conformance": [*_CONFORMANCE, *more_conformance],
            **({"secret": f"text:{client.secret.decode('ascii')}"} if client.secret else {}),
            **({"context": "ln-ciphered", "security": _security(TEST_SECURITY)} if client.ciphered else {}),
        }
        for client in clients
    ]


def _security(settings: SecuritySettings) -> dict[str, Any]:
    """The keys of a ciphered association as a declaration has them."""
    return {
        "suite": settings.suite,
        "policy": "authenticated-encrypted",
        "client_system_title": settings.client_system_title.hex(),
        "server_system_title": settings.system_title.hex(),
        "encryption_key": f"hex:{settings.keys.unicast.hex()}",
        "authentication_key": f"hex:{settings.keys.authentication.hex()}",
        "broadcast_key": f"hex:{settings.keys.broadcast.hex()}",
        "master_key": f"hex:{settings.keys.master.hex()}",
        "counter": "device",
    }


_SMALL_PDU = Variant(
    name="small-pdu",
    about="Answers in one piece have at most 64 octets, so that everything longer comes in blocks.",
    configuration=replace(
        _DEFAULT, name="small-pdu", link=LinkSettings(server_max_receive_pdu_size=128, max_send_pdu_size=64)
    ),
    declaration={"identity": {"name": "reference-small-pdu"}},
)

_FOUR_OCTET_ADDRESSES = Variant(
    name="four-octet-addresses",
    about="HDLC server addresses of four octets, information fields of 32 octets and windows of three frames.",
    configuration=replace(
        _DEFAULT,
        name="four-octet-addresses",
        link=LinkSettings(
            hdlc=HdlcSettings(
                address_octets=4,
                lower_address=17,
                max_info_transmit=32,
                max_info_receive=32,
                window_transmit=3,
                window_receive=3,
            )
        ),
    ),
    declaration={
        "identity": {"name": "reference-four-octet-addresses"},
        "doors": _doors(
            hdlc={
                "address_octets": 4,
                "physical_device": 17,
                "max_information_transmit": 32,
                "max_information_receive": 32,
                "window_transmit": 3,
                "window_receive": 3,
            }
        ),
    },
)

_NULL_DATA_ROWS = Variant(
    name="null-data-rows",
    about="Profile rows leave out as null-data what follows from the row before.",
    configuration=replace(_DEFAULT, name="null-data-rows", profile=ProfileSettings(compressed=True)),
    declaration={
        "identity": {"name": "reference-null-data-rows"},
        "profiles": {"load_profile": {"compressed": True}},
    },
)

_OTHER_INSTANCES = Instances(
    clock=obis("0.1.1.0.0.255"),
    energy_import_total=obis("1.1.1.8.0.255"),
    energy_export_total=obis("1.1.2.8.0.255"),
    power_import=obis("1.1.1.7.0.255"),
    power_export=obis("1.1.2.7.0.255"),
    max_demand_import=obis("1.1.1.6.0.255"),
    average_demand_import=obis("1.1.1.4.0.255"),
    load_profile=obis("1.1.99.2.0.255"),
    load_profile_status=obis("0.1.96.10.2.255"),
    active_tariff=obis("0.1.96.14.0.255"),
    serial_number=obis("0.0.96.1.1.255"),
    firmware_id=obis("1.1.0.2.0.255"),
)
_OTHER_CLIENTS = (
    Client(sap=17, role="public"),
    Client(sap=33, role="reading", mechanism=1, secret=b"other-reading"),
    Client(sap=34, role="management", mechanism=1, secret=b"other-manage"),
)
_OTHER_OBJECTS = Variant(
    name="other-objects",
    about="Other OBIS codes, client addresses, tariffs, scalers, capture period, association version and names.",
    configuration=replace(
        _DEFAULT,
        name="other-objects",
        clients=_OTHER_CLIENTS,
        logical_device_name=b"CFM0000000000077",
        serial_number=b"00000077",
        firmware_id=b"2.7.1",
        association_version=1,
        instances=_OTHER_INSTANCES,
        energy_scaler=-1,
        power_scaler=-1,
        demand_scaler=1,
        schedule=(TariffSwitch(at=time(6), rate=3), TariffSwitch(at=time(20, 30), rate=4)),
        profile=ProfileSettings(period_s=3600, entries=500),
    ),
    declaration={
        "identity": {"name": "reference-other-objects", "serial": "00000077", "firmware": "2.7.1"},
        "associations": _associations(_OTHER_CLIENTS),
        "objects": {
            "clock": {"obis": "0.1.1.0.0.255"},
            "serial_number": {"obis": "0.0.96.1.1.255"},
            "firmware_id": {"obis": "1.1.0.2.0.255"},
            "energy_import_total": {"obis": "1.1.1.8.0.255"},
            "energy_import_tariffs": [
                {"class": 3, "obis": "1.1.1.8.3.255"},
                {"class": 3, "obis": "1.1.1.8.4.255"},
            ],
            "energy_export_total": {"obis": "1.1.2.8.0.255"},
            "energy_export_tariffs": [
                {"class": 3, "obis": "1.1.2.8.3.255"},
                {"class": 3, "obis": "1.1.2.8.4.255"},
            ],
            "active_tariff": {"obis": "0.1.96.14.0.255"},
            "power_import": {"obis": "1.1.1.7.0.255"},
            "power_export": {"obis": "1.1.2.7.0.255"},
            "max_demand_import": {"obis": "1.1.1.6.0.255"},
            "average_demand_import": {"obis": "1.1.1.4.0.255"},
            "load_profile": {"obis": "1.1.99.2.0.255"},
        },
        "profiles": {"load_profile": {"period_s": 3600, "entries": 500}},
    },
)

_SLOW = Variant(
    name="slow",
    about="Answers take 0.8 s, and each association first gets notifications between a request and its answer.",
    configuration=replace(_DEFAULT, name="slow", notifies=True, link=LinkSettings(reaction_s=0.8)),
    declaration={
        "identity": {"name": "reference-slow"},
        "doors": _doors(timing={"response_time_s": 1.0}),
        "associations": _associations(_DEFAULT.clients, "DATA_NOTIFICATION", "EVENT_NOTIFICATION"),
    },
)

_CIPHERED = Variant(
    name="ciphered",
    about="Reading and management are ciphered and prove themselves by high level security with GMAC.",
    configuration=replace(
        _DEFAULT,
        name="ciphered",
        clients=CIPHERED_CLIENTS,
        association_version=1,
        security=TEST_SECURITY,
        link=LinkSettings(conformance=ALL_SERVICES | GENERAL_PROTECTION),
    ),
    declaration={
        "identity": {"name": "reference-ciphered"},
        "associations": _associations(CIPHERED_CLIENTS),
        "objects": {"invocation_counter": {"class": 1, "obis": "0.0.43.1.0.255"}},
    },
)

_NEWEST_FIRST = Variant(
    name="newest-first",
    about="The profile's newest row is the first of its buffer, which is short; only the sort method says so.",
    configuration=replace(
        _DEFAULT, name="newest-first", profile=ProfileSettings(period_s=300, entries=12, newest_first=True)
    ),
    declaration={
        "identity": {"name": "reference-newest-first"},
        "profiles": {"load_profile": {"period_s": 300, "entries": 12}},
    },
)

_LATE_ROWS = Variant(
    name="late-rows",
    about="A profile row can be read three seconds after the capture of which it bears the time.",
    configuration=replace(_DEFAULT, name="late-rows", profile=ProfileSettings(storing_s=3.0)),
    declaration={"identity": {"name": "reference-late-rows"}},
)

_OF_BLOCKS = ("TR-Conf.08b-P03", "TR-Conf.08b-N03", "SU3.step2-P06", "SU3.step2-N03", "SU3.step2-I02")
_LONG_ANSWERS = "the device gives no answers in blocks"
_NO_BLOCKS = Variant(
    name="no-blocks",
    about="Block transfer is not negotiated: an answer that does not fit into one APDU is refused.",
    configuration=replace(
        _DEFAULT,
        name="no-blocks",
        link=LinkSettings(conformance=ALL_SERVICES & ~(BLOCK_GET | BLOCK_SET | BLOCK_ACTION)),
    ),
    declaration={"identity": {"name": "reference-no-blocks"}},
    exceptions=dict.fromkeys(_OF_BLOCKS, _LONG_ANSWERS),
)

VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        _SMALL_PDU,
        _FOUR_OCTET_ADDRESSES,
        _NULL_DATA_ROWS,
        _OTHER_OBJECTS,
        _SLOW,
        _CIPHERED,
        _NEWEST_FIRST,
        _LATE_ROWS,
        _NO_BLOCKS,
    )
}
