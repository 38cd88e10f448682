"""Consumer ports of other layouts."""

from dataclasses import replace
from typing import Any

from reference_meter.consumer.settings import DSMR_2, DSMR_4, NORDIC, ConsumerSettings
from reference_meter.variants.variant import DEFAULT, Variant, doors

__all__ = ["VARIANTS"]

_RATES = ["1-0:1.8.1", "1-0:1.8.2", "1-0:2.8.1", "1-0:2.8.2"]
_TOTALS = ["1-0:1.8.0", "1-0:2.8.0"]
_POWER = ["1-0:1.7.0", "1-0:2.7.0"]
_SHOWN = ["0-0:96.14.0", "0-0:17.0.0", "0-0:96.3.10", "0-0:96.13.0"]
_METERS = ["0-0:96.1.1", "0-1:24.1.0", "0-1:96.1.0"]


def _variant(
    name: str, about: str, settings: ConsumerSettings, objects: list[str], exceptions: dict[str, str] | None = None
) -> Variant:
    table: dict[str, Any] = {"period_s": settings.period_s, "checksum": settings.checked, "objects": objects}
    consumer = {"id": "consumer", "protocol": "p1", "url": "loop://reference", "p1": table}
    dlms = doors()[0]
    return Variant(
        name=name,
        about=about,
        configuration=replace(DEFAULT, name=name, consumer=settings),
        declaration={"identity": {"name": f"reference-{name}"}, "doors": [dlms, consumer]},
        exceptions=exceptions or {},
    )


_DSMR_2 = _variant(
    "consumer-dsmr-2",
    "Telegrams of DSMR 2.2: at 9600 baud every ten seconds, without time and checksum; gas on two lines.",
    DSMR_2,
    [*_RATES, *_POWER, *_SHOWN, *_METERS, "0-1:24.3.0"],
    dict.fromkeys(("MF.6-P40", "MF.6-P41", "MF.6-P42"), "no time stands in the telegram"),
)
_DSMR_4 = _variant(
    "consumer-dsmr-4",
    "Telegrams of DSMR 4: every ten seconds, with time and checksum.",
    DSMR_4,
    ["1-3:0.2.8", "0-0:1.0.0", *_RATES, *_POWER, *_SHOWN, *_METERS, "0-1:24.2.1"],
)
_NORDIC = _variant(
    "consumer-nordic",
    "Telegrams with time, totals and power only, every ten seconds.",
    NORDIC,
    ["0-0:1.0.0", *_TOTALS, *_POWER],
    dict.fromkeys(("MF.3-P40", "MF.4-P40", "MF.4-P41"), "neither tariff nor limit nor switch stands in the telegram"),
)

VARIANTS = (_DSMR_2, _DSMR_4, _NORDIC)
