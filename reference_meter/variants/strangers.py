"""Meters as a stranger might have built them: right as far as they go, and each wanting in its own way.

They are no variants for the proof: what requirements demand and they lack is a FAIL there, and rightly.
"""

from dataclasses import dataclass, replace

from reference_meter.codec.conformance import MULTIPLE_REFERENCES, SELECTIVE_ACCESS
from reference_meter.model.configuration import Client, Instances, MeterConfiguration, ProfileSettings
from reference_meter.model.data import obis
from reference_meter.server.settings import ALL_SERVICES, HdlcSettings, LinkSettings
from reference_meter.variants.variant import DEFAULT

__all__ = ["STRANGERS", "Stranger"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """One such meter."""

    name: str
    about: str
    configuration: MeterConfiguration


def _stranger(name: str, about: str, configuration: MeterConfiguration) -> Stranger:
    return Stranger(name=name, about=about, configuration=replace(configuration, name=name))


_NAMES = Instances()
_OTHER_CLIENTS = (
    Client(sap=48, role="public"),
    Client(sap=49, role="reading", mechanism=1, secret=b"stranger-reads"),
    Client(sap=50, role="management", mechanism=1, secret=b"stranger-manages"),
)
_HLS_CLIENTS = (
    Client(sap=2, role="reading", mechanism=3, secret=b"stranger-reads-1"),
    Client(sap=1, role="management", mechanism=4, secret=b"stranger-manages"),
)
_EIGHT = frozenset(
    {
        _NAMES.sap_assignment,
        _NAMES.logical_device_name,
        _NAMES.serial_number,
        _NAMES.firmware_id,
        _NAMES.clock,
        _NAMES.energy_import_total,
        _NAMES.power_import,
    }
)
"""Seven, and the association that lists them."""

STRANGERS: dict[str, Stranger] = {
    stranger.name: stranger
    for stranger in (
        _stranger(
            "stranger-other-saps",
            "Clients and logical device at other addresses; no logical device name.",
            replace(
                DEFAULT,
                clients=_OTHER_CLIENTS,
                link=LinkSettings(server_saps=(16,)),
                not_shown=frozenset({_NAMES.logical_device_name}),
            ),
        ),
        _stranger(
            "stranger-eight-objects", "Eight objects and no more.", replace(DEFAULT, shown=_EIGHT),
        ),
        _stranger(
            "stranger-no-selective-access",
            "Profiles are read whole or not at all.",
            replace(
                DEFAULT,
                link=LinkSettings(conformance=ALL_SERVICES & ~(SELECTIVE_ACCESS | MULTIPLE_REFERENCES)),
                profile=ProfileSettings(selectors=()),
            ),
        ),
        _stranger(
            "stranger-hls-only",
            "Nobody gets in without high level security, and the association object has another code.",
            replace(
                DEFAULT,
                clients=_HLS_CLIENTS,
                instances=replace(_NAMES, association=obis("0.0.40.0.3.255")),
            ),
        ),
        _stranger(
            "stranger-hdlc-blocks",
            "HDLC alone, with addresses of two octets, and answers in blocks of 60 octets.",
            replace(
                DEFAULT,
                link=LinkSettings(max_send_pdu_size=60, hdlc=HdlcSettings(address_octets=2, lower_address=16)),
            ),
        ),
        _stranger(
            "stranger-slow",
            "Answers take 1.5 s; one connection at a time, which ends with each release.",
            replace(DEFAULT, link=LinkSettings(reaction_s=1.5, closes_after_release=True, one_connection=True)),
        ),
    )
}  # fmt: skip
