"""Links, sizes and services other than usual."""

from collections.abc import Mapping
from dataclasses import replace

from reference_meter.codec.conformance import (
    BLOCK_ACTION,
    BLOCK_GET,
    BLOCK_SET,
    MULTIPLE_REFERENCES,
)
from reference_meter.server.settings import ALL_SERVICES, HdlcSettings, LinkSettings
from reference_meter.variants.variant import DEFAULT, Variant, associations, doors

__all__ = ["VARIANTS"]

_SMALL_PDU = Variant(
    name="small-pdu",
    about="Answers in one piece have at most 64 octets, so that everything longer comes in blocks.",
    configuration=replace(
        DEFAULT, name="small-pdu", link=LinkSettings(server_max_receive_pdu_size=128, max_send_pdu_size=64)
    ),
    declaration={"identity": {"name": "reference-small-pdu"}},
)

_FOUR_OCTET_ADDRESSES = Variant(
    name="four-octet-addresses",
    about="HDLC server addresses of four octets, information fields of 32 octets and windows of three frames.",
    configuration=replace(
        DEFAULT,
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
        "doors": doors(
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

_OF_OCTETS = (
    "MF.6-P17",
    "TR-Conf.01a-N05",
    "TR-Conf.02c-N03",
    *(f"TR-Conf.05a-{number}" for number in ("P10", "P11", "N30", "N31", "N32", "N33", "N34", "N81", "N84")),
    "TR-Conf.11a-N12",
)
_BEHIND_A_GATEWAY = Variant(
    name="behind-a-gateway",
    about="Each APDU goes through a gateway, in the envelope of the meter's network and address.",
    configuration=replace(DEFAULT, name="behind-a-gateway", link=LinkSettings(behind=(3, b"\x00\x2a"))),
    declaration={
        "identity": {"name": "reference-behind-a-gateway"},
        "doors": doors(through={"network": 3, "address": "002A"}),
    },
    exceptions=dict.fromkeys(_OF_OCTETS, "octets as they are do not get through a gateway"),
)

_ENDS_WITH_THE_LINK = Variant(
    name="ends-with-the-link",
    about="No release request is known: an association ends with its link.",
    configuration=replace(DEFAULT, name="ends-with-the-link", link=LinkSettings(takes_releases=False)),
    declaration={"identity": {"name": "reference-ends-with-the-link"}, "doors": doors(release="link")},
    exceptions=dict.fromkeys(
        ("TR-Conf.05a-P03", "TR-Conf.05a-N04"), "nothing but the end of a link ends an association"
    ),
)

_SLOW = Variant(
    name="slow",
    about="Answers take 0.8 s, and each association first gets notifications between a request and its answer.",
    configuration=replace(DEFAULT, name="slow", notifies=True, link=LinkSettings(reaction_s=0.8)),
    declaration={
        "identity": {"name": "reference-slow"},
        "doors": doors(timing={"response_time_s": 1.0}),
        "associations": associations(DEFAULT.clients, "DATA_NOTIFICATION", "EVENT_NOTIFICATION"),
    },
)

_OF_BLOCKS = ("TR-Conf.08b-P03", "TR-Conf.08b-N03", "SU3.step2-P06", "SU3.step2-N03", "SU3.step2-I02")
# The object list does not fit into one APDU, so nobody knows the rights; and there is no block to ask for.
_OF_REASONS: tuple[str, ...] = ("TR-Conf.04a-N01", "TR-Conf.04a-N02", "TR-Conf.04a-N04", "TR-Conf.04a-N06")
_OF_REASONS += ("TR-Conf.05a-N10", "TR-Conf.05a-N11", "TR-Conf.05a-N12", "TR-Conf.05a-N13")

# One path of writing is not there.
_OF_PATHS = ("TR-Conf.01a-N01", "TR-Conf.01a-N02", "TR-Conf.02b-N16", "TR-Conf.02c-N01")

# Rows are known by their numbers alone, there is no block after which to break off, and none to write in.
_OF_WHAT_IS_KEPT: Mapping[str, str] = {
    "TR-Conf.06d": "N02 P03 P04 P05",
    "TR-Conf.09a": "N06",
    "TR-Conf.11a": "N03 N10",
    "TR-Conf.12a": "P07 N12",
}
_KEPT = tuple(f"{clause}-{number}" for clause, numbers in _OF_WHAT_IS_KEPT.items() for number in numbers.split())

_LONG_ANSWERS = "the device gives no answers in blocks"

_NO_BLOCKS = Variant(
    name="no-blocks",
    about="Block transfer is not negotiated: an answer that does not fit into one APDU is refused.",
    configuration=replace(
        DEFAULT,
        name="no-blocks",
        link=LinkSettings(conformance=ALL_SERVICES & ~(BLOCK_GET | BLOCK_SET | BLOCK_ACTION)),
    ),
    declaration={"identity": {"name": "reference-no-blocks"}},
    exceptions=dict.fromkeys((*_OF_BLOCKS, *_OF_REASONS, *_OF_PATHS, *_KEPT), _LONG_ANSWERS),
)

_OF_LISTS: tuple[str, ...] = (
    "TR-Conf.01a-P02",
    "TR-Conf.01a-P06",
    "TR-Conf.01a-N01",
    "TR-Conf.01a-N02",
    "TR-Conf.02a-N08",
)
_OF_LISTS += (
    "TR-Conf.02b-N16",
    "TR-Conf.02c-N01",
    "TR-Conf.04a-N05",
    "TR-Conf.08a-P03",
    "TR-Conf.09a-N07",
    "TR-Conf.11a-N03",
)
_OF_LISTS += ("SU3.step2-P03", "SU3.step2-N05", "DF.3-N02", "DF.4-P01", "DF.4-N01")

_NO_LISTS = Variant(
    name="no-lists",
    about="Each request is about one attribute or method alone.",
    configuration=replace(DEFAULT, name="no-lists", link=LinkSettings(conformance=ALL_SERVICES & ~MULTIPLE_REFERENCES)),
    declaration={"identity": {"name": "reference-no-lists"}},
    exceptions=dict.fromkeys(_OF_LISTS, "the device takes no lists"),
)

VARIANTS = (
    _SMALL_PDU,
    _FOUR_OCTET_ADDRESSES,
    _SLOW,
    _ENDS_WITH_THE_LINK,
    _NO_BLOCKS,
    _NO_LISTS,
    _BEHIND_A_GATEWAY,
)
