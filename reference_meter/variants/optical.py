"""Local ports that speak in other forms."""

from dataclasses import replace
from typing import Any

from reference_meter.optical.settings import OpticalSettings
from reference_meter.server.settings import LinkSettings
from reference_meter.variants.variant import DEFAULT, Variant, doors

__all__ = ["VARIANTS"]

_OF_PROGRAMMING = {
    "TR-Conf.01a": "N50",
    "TR-Conf.02a": "P50 N50",
    "TR-Conf.02b": "P50 N50 N51",
    "TR-Conf.04a": "N50 N51",
    "TR-Conf.05a": "P51 P52 N50 N52 N53 N54 N55",
    "TR-Conf.11a": "P50 N50",
}
_NO_PROGRAMMING = {
    f"{clause}-{number}": "the port has no programming mode"
    for clause, numbers in _OF_PROGRAMMING.items()
    for number in numbers.split()
}
_NO_HDLC = dict.fromkeys(
    ("MF.6-P82", "SU3.step2-P51", "SU3.step2-P83", "TR-Conf.04a-P84"), "the port does not go over to HDLC"
)


def _variant(
    name: str,
    about: str,
    settings: OpticalSettings,
    exceptions: dict[str, str],
    response_time_s: float,
    **declared: Any,
) -> Variant:
    port = {
        "id": "optical",
        "protocol": "iec62056_21",
        "url": "loop://reference",
        "iec62056_21": {"registers": {"energy_import_total": "1.8.0", "energy_export_total": "2.8.0"}, **declared},
        "timing": {"response_time_s": response_time_s},
    }
    return Variant(
        name=name,
        about=about,
        configuration=replace(DEFAULT, name=name, link=LinkSettings(optical=settings)),
        declaration={
            "identity": {"name": f"reference-{name}"},
            "doors": [doors()[0], {**doors()[1], "functional": False}, port],
        },
        exceptions=exceptions,
    )


def _shown(password: bytes) -> str:
    """The password as a declaration has it."""
    return f"text:{password.decode('ascii')}"


def _parameter(address: str) -> dict[str, Any]:
    shown_as = {"class": 5, "obis": "1.0.1.4.0.255", "attribute": 8}
    return {"address": address, "values": ["0900", "1800"], "wrong": "7", "object": shown_as}


_READ_ONLY: dict[str, Any] = {"programming": False, "hdlc": False}

_MODE_A = _variant(
    "local-port-mode-a",
    "The local port sends its readout at 300 baud behind the identification, and knows nothing else.",
    OpticalSettings(rate="-", speaks_hdlc=False, manufacturer="ABC", name="A 1"),
    _NO_PROGRAMMING | _NO_HDLC,
    1.5,
    **_READ_ONLY,
)
_MODE_B = _variant(
    "local-port-mode-b",
    "The local port sends its readout at 9,600 baud behind the identification, whole codes and watt-hours in it.",
    OpticalSettings(rate="E", speaks_hdlc=False, in_watt_hours=True, full_codes=True),
    _NO_PROGRAMMING | _NO_HDLC,
    1.5,
    **{
        **_READ_ONLY,
        "registers": {"energy_import_total": "1-0:1.8.0*255", "energy_export_total": "1-0:2.8.0*255"},
    },
)
_QUICK = _variant(
    "local-port-quick",
    "The local port reacts within 20 ms, has an address and another password, and refuses by NAK.",
    OpticalSettings(
        manufacturer="XYz",
        name="Q(7)",
        address="4711",
        rate="6",
        reaction_s=0.02,
        password=b"9",
        operand="",
        refuses_by_nak=True,
        speaks_hdlc=False,
    ),
    _NO_HDLC,
    0.5,
    address="4711",
    secret=_shown(b"9"),
    parameter=_parameter("0.8.0"),
)
_WHOLE_CODES = _variant(
    "local-port-whole-codes",
    "The local port shows whole codes and watt-hours, at 1,200 baud after a slow sign-on, and goes over to HDLC.",
    OpticalSettings(full_codes=True, in_watt_hours=True, rate="2", reaction_s=1.4, idle_s=90.0),
    {},
    1.5,
    hdlc=True,
    secret=_shown(OpticalSettings().password),
    parameter=_parameter("1-0:0.8.0*255"),
    registers={"energy_import_total": "1-0:1.8.0*255", "energy_export_total": "1-0:2.8.0*255"},
)

VARIANTS = (_MODE_A, _MODE_B, _QUICK, _WHOLE_CODES)
