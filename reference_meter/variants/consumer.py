"""Consumer ports of other layouts: telegrams, enciphered ones, pushes."""

from dataclasses import replace
from typing import Any

from reference_meter.consumer.han_settings import HanSettings
from reference_meter.consumer.settings import DSMR_2, DSMR_4, ENCIPHERED, NORDIC, ConsumerSettings
from reference_meter.play_keys import CONSUMER_KEYS, TEST_SECURITY
from reference_meter.variants.variant import DEFAULT, Variant, doors

__all__ = ["VARIANTS"]

_RATES = ["1-0:1.8.1", "1-0:1.8.2", "1-0:2.8.1", "1-0:2.8.2"]
_TOTALS = ["1-0:1.8.0", "1-0:2.8.0"]
_POWER = ["1-0:1.7.0", "1-0:2.7.0"]
_SHOWN = ["0-0:96.14.0", "0-0:17.0.0", "0-0:96.3.10", "0-0:96.13.0"]
_METERS = ["0-0:96.1.1", "0-1:24.1.0", "0-1:96.1.0"]
_TIME = "0-0:1.0.0"
_SHORT = [_TIME, *_POWER, *_RATES, "0-0:96.14.0", "0-0:17.0.0", "0-0:96.3.10"]
_LONG = [_TIME, "0-0:96.1.0", *_POWER, *_TOTALS, *_RATES, "0-0:96.14.0", "0-0:17.0.0", "0-0:96.3.10"]
_NEVER_S = 1e9
_KEYS: dict[str, Any] = {
    "encryption_key": f"hex:{CONSUMER_KEYS.unicast.hex()}",
    "authentication_key": f"hex:{CONSUMER_KEYS.authentication.hex()}",
    "system_title": TEST_SECURITY.system_title.hex(),
}


_ONE_DOOR = {
    **dict.fromkeys(("TR-Conf.04a-P02", "TR-Conf.04a-P03", "TR-Conf.04a-I02"), "there is one interface for DLMS"),
    "TR-Conf.05b-N15": "each client has one door",
}


def _variant(
    name: str, about: str, settings: ConsumerSettings, objects: list[str], exceptions: dict[str, str] | None = None
) -> Variant:
    table: dict[str, Any] = {"period_s": settings.period_s, "checksum": settings.checked, "objects": objects}
    table["data_request"] = "rts"
    before, behind = settings.energy_digits
    table["formats"] = {one: f"{'0' * before}.{'0' * behind}*kWh" for one in objects if one in (*_RATES, *_TOTALS)}
    if settings.control:
        table |= _KEYS
    consumer = {"id": "consumer", "protocol": "p1", "url": "loop://reference", "p1": table}
    dlms = doors()[0]
    return Variant(
        name=name,
        about=about,
        configuration=replace(DEFAULT, name=name, consumer=settings),
        declaration={"identity": {"name": f"reference-{name}"}, "doors": [dlms, consumer]},
        exceptions=_ONE_DOOR | (exceptions or {}),
    )


_DSMR_2 = _variant(
    "consumer-dsmr-2",
    "Telegrams of DSMR 2.2: at 9600 baud every ten seconds, without time and checksum; gas on two lines.",
    DSMR_2,
    [*_RATES, *_POWER, *_SHOWN, *_METERS, "0-1:24.3.0"],
    dict.fromkeys(
        ("MF.6-P40", "MF.6-P41", "MF.6-P42", "MF.6-P43", "MF.6-P80", "MF.6-P81"), "no time stands in the telegram"
    ),
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
    dict.fromkeys(
        ("MF.3-P40", "MF.3-P80", "MF.4-P40", "MF.4-P41", "MF.5-P80"),
        "neither tariff nor limit nor switch stands in the telegram",
    ),
)

_ENCIPHERED = _variant(
    "consumer-enciphered",
    "Telegrams in general-glo-ciphering with the consumer's keys, every ten seconds; totals beside the tariffs.",
    ENCIPHERED,
    ["1-3:0.2.8", _TIME, *_TOTALS, *_RATES, *_POWER, *_SHOWN, *_METERS, "0-1:24.2.1"],
)


def _han(
    name: str, about: str, settings: HanSettings, exceptions: dict[str, str] | None = None, **table: Any
) -> Variant:
    declared: dict[str, Any] = {"period_s": settings.period_s, "form": settings.form, "objects": _SHORT, **table}
    # A push under way ends first, which takes its time at this rate.
    declared |= {"data_request": "rts", "request_s": 2.0}
    if settings.form != "described":
        declared["scales"] = {"0-0:17.0.0": "1 W"}
    if settings.longer_s < _NEVER_S:
        declared["longer"] = [{"period_s": settings.longer_s, "objects": _LONG}]
    han = {"id": "han", "protocol": "han", "url": "loop://reference", "han": declared}
    return Variant(
        name=name,
        about=about,
        configuration=replace(DEFAULT, name=name, han=settings),
        declaration={"identity": {"name": f"reference-{name}"}, "doors": [doors()[0], han]},
        exceptions=_ONE_DOOR | (exceptions or {}),
    )


_NOT_ENCIPHERED = dict.fromkeys(("MF.2-P07", "MF.2-N04", "MF.2-N05"), "the port enciphers nothing")
_PLAIN = _han(
    "han-plain",
    "Pushes in the clear, in frames of another size, with the time in the head besides.",
    HanSettings(control=0, stamped=True, frame_octets=60),
    _NOT_ENCIPHERED,
)
_NAMED = _han(
    "han-named",
    "Pushes without scalers and units, the name of the list before them, every ten seconds; one list only.",
    HanSettings(form="named", control=0, longer_s=_NEVER_S),
    {**_NOT_ENCIPHERED, "MF.2-P06": "there is one list only", "MF.3-P41": "no list has a total and its tariffs"},
)
_PLACED = _han(
    "han-placed",
    "Pushes of bare values in an order that the declaration knows, every two seconds and a half.",
    HanSettings(form="placed", period_s=2.5, longer_s=60.0, baud=9600),
    **_KEYS,
)
_NO_TAG = _han(
    "han-encrypted-only",
    "Pushes that are encrypted and have no tag; in another order, and in one frame.",
    HanSettings(control=0x20, frame_octets=1000, fields=("switch", "limit", "tariff", "rates", "power", "time")),
    encryption_key=_KEYS["encryption_key"],
)

VARIANTS = (_DSMR_2, _DSMR_4, _NORDIC, _ENCIPHERED, _PLAIN, _NAMED, _PLACED, _NO_TAG)
