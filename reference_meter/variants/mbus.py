"""M-Bus slaves that speak in other forms; these meters are reached over M-Bus alone."""

from dataclasses import replace
from typing import Any

from reference_meter.mbus.settings import MBusSettings, SlaveSettings
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_KEY = bytes(range(0x10, 0x20))
_NO_LOG = "no door leads to the log of data collection"


def _variant(name: str, about: str, settings: MBusSettings, **declared: Any) -> Variant:
    who = settings.electricity
    table = {
        "identification": f"{who.identification:08d}",
        "manufacturer": who.manufacturer,
        "version": who.version,
        "medium": who.medium,
        "due": "month",
        "baud": 2400,
        **declared,
    }
    return Variant(
        name=name,
        about=about,
        configuration=replace(DEFAULT, name=name, mbus=settings),
        declaration={
            "identity": {"name": f"reference-{name}"},
            "doors": [{"id": "mbus", "protocol": "mbus", "url": "loop://reference", "mbus": table}],
        },
        exceptions=dict.fromkeys(("TR-Conf.09a-P40", "TR-Conf.09b-N40"), _NO_LOG),
    )


_DECIMAL = _variant(
    "mbus-decimal",
    "Records in cipher (mode 5), decimal registers, the last record first, short headers, no primary address, and a "
    "status that tells of errors.",
    replace(
        MBusSettings(),
        decimal=True,
        reversed_order=True,
        long_header=False,
        errors_reported="status",
        key=_KEY,
        records_of_manufacturer=True,
        electricity=SlaveSettings(primary=0, identification=98765432, medium=2, manufacturer="ABC", version=17),
    ),
    errors="status",
    encryption_key=f"hex:{_KEY.hex()}",
)
_ENCIPHERED = _variant(
    "mbus-enciphered",
    "Records in cipher (mode 7), in three telegrams with the vendor's own data; stored sets begin at number 8.",
    replace(
        MBusSettings(),
        key=_KEY,
        mode=7,
        telegrams=3,
        manufacturer_data=b"\x01\x02\x03\x04",
        records_of_manufacturer=True,
        stored_sets=3,
        first_storage=8,
        gas=None,
    ),
    primary=1,
    encryption_key=f"hex:{_KEY.hex()}",
)

VARIANTS = (_DECIMAL, _ENCIPHERED)
