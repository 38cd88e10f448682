"""Ciphered clients only, beside the public one."""

from dataclasses import replace

from reference_meter.model.configuration import Client
from reference_meter.variants.variant import DEFAULT, Variant, associations

__all__ = ["CIPHERED_CLIENTS", "VARIANTS"]

_GMAC = 5
_NOBODY_STANDING = "no client is associated at all times"

CIPHERED_CLIENTS = (
    Client(sap=16, role="public"),
    Client(sap=2, role="reading", mechanism=_GMAC, ciphered=True),
    Client(sap=1, role="management", mechanism=_GMAC, ciphered=True),
)
"""The public client stays open, since others learn the invocation counter from it."""

_NEVER_ASKED = dict.fromkeys(
    (
        *("DF.3-N05", "MF.6-P17", "TR-Conf.01a-N04", "TR-Conf.01a-N05", "TR-Conf.02c-N02", "TR-Conf.02c-N03"),
        "TR-Conf.11a-N12",
    ),
    _NOBODY_STANDING,
)
_NO_PASSWORD = dict.fromkeys(("TR-Conf.02b-N08", "TR-Conf.02b-N14", "TR-Conf.05a-N20"), "no client has a password")
_NO_OTHERS = dict.fromkeys(
    ("TR-Conf.02b-P01", "TR-Conf.02b-P02", "TR-Conf.02b-N01", "TR-Conf.02b-N02"), "each role has one client"
)

_NO_ACCESS = {"TR-Conf.11a-N03": "no client proposes the ACCESS service"}
_NO_GENERAL = dict.fromkeys(
    ("TR-Conf.01a-N01", "TR-Conf.01a-N02", "TR-Conf.02c-N01", "TR-Conf.05b-P06"),
    "no client proposes general protection",
)

_CIPHERED = Variant(
    name="ciphered",
    about="Reading and management are ciphered and prove themselves by high level security with GMAC.",
    configuration=replace(
        DEFAULT,
        name="ciphered",
        clients=CIPHERED_CLIENTS,
        association_version=1,
    ),
    declaration={
        "identity": {"name": "reference-ciphered"},
        "associations": associations(CIPHERED_CLIENTS, general=False),
        "objects": {"invocation_counter": {"class": 1, "obis": "0.0.43.1.0.255"}},
    },
    exceptions=_NEVER_ASKED | _NO_PASSWORD | _NO_OTHERS | _NO_GENERAL | _NO_ACCESS,
)

VARIANTS = (_CIPHERED,)
