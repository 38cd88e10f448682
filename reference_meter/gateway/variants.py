"""Gateways that are right in another way, and what a declaration has to say of them."""

from dataclasses import dataclass
from typing import Any

from reference_meter.gateway.settings import RECORDED, GatewaySettings
from reference_meter.variants.variant import DeclaredVariant

__all__ = ["VARIANTS", "GatewayVariant"]

_SCRIPTS = "0.0.10.0.130.255"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayVariant(DeclaredVariant):
    """One gateway that is right in another way."""

    settings: GatewaySettings


def _events(settings: GatewaySettings) -> dict[str, Any]:
    """The records of a gateway as its declaration has them."""
    noted = settings.recorded
    return {
        what: {"code": noted[what][0], "log": f"{noted[what][1]}_log"} if what in noted else "absent"
        for what in RECORDED
    }


def _devices(settings: GatewaySettings) -> list[dict[str, Any]]:
    """The devices behind a gateway, likewise."""
    return [
        {
            "name": child.name,
            **(
                {"sap": child.sap}
                if settings.routing == "sap"
                else {"through": {"network": child.network, "address": child.address.hex()}}
            ),
            **({"recorded_as": place + 1} if settings.numbered else {}),
            "code_offset": place * settings.code_step,
            "reader": "devices-reading",
            "manager": "devices-management",
            **{
                key: {"class": 9, "obis": _SCRIPTS, "method": 1, "parameter": f"12 00 {script:02X}"}
                for key, script in (("removal", 2 * place + 2), ("installation", 2 * place + 1))
            },
            "shows": child.logical_device_name.decode("ascii"),
            "answers": {"unknown_object": ["dar:4"], "wrong_class": ["dar:9"]},
        }
        for place, child in enumerate(settings.children)
    ]


_NO_OWN_DOOR = dict.fromkeys(("TR-Conf.04a-N61", "SU3.step2-P61"), "no device has a door of its own")


def _variant(
    name: str, about: str, settings: GatewaySettings, exceptions: dict[str, str] | None = None, **more: dict[str, Any]
) -> GatewayVariant:
    gateway = {"devices": _devices(settings), **more.pop("gateway", {})}
    declaration = {"identity": {"name": name}, "events": _events(settings), "gateway": gateway, **more}
    return GatewayVariant(
        name=name, about=about, settings=settings, declaration=declaration, exceptions=_NO_OWN_DOOR | (exceptions or {})
    )


_SAP = _variant(
    "gateway-logical-devices",
    "Devices are reached as logical devices of the gateway, and its SAP assignment is the list of them.",
    GatewaySettings(routing="sap"),
    objects={"device_list": {"class": 17, "obis": "0.0.41.0.0.255"}},
)
_ONE_LOG = _variant(
    "gateway-one-log",
    "Interactions and conditions stand in one log, under codes of another family.",
    GatewaySettings(recorded={what: (code + 100, "condition") for what, (code, _) in RECORDED.items()}, entries=100),
)
_NAME_FIRST = _variant(
    "gateway-name-first",
    "The name stands in the first column of a record, and the newest record is the first of a log.",
    GatewaySettings(name_first=True, newest_first=True),
)
_BY_CODE = _variant(
    "gateway-codes-of-devices",
    "No column names the device: each has codes of its own.",
    GatewaySettings(code_step=30),
)
_NUMBERED = _variant(
    "gateway-numbered-devices",
    "A number stands for the device in each record.",
    GatewaySettings(numbered=True),
    logs={"interaction_log": {"device_column": 3}, "condition_log": {"device_column": 3}},
)
_SESSIONS = _variant(
    "gateway-records-sessions",
    "Associations with devices are recorded, and not what is asked within them.",
    GatewaySettings(
        recorded={
            what: noted
            for what, noted in RECORDED.items()
            if what not in ("device_read", "device_written", "device_commanded")
        }
    ),
    exceptions={
        "TR-Conf.03a-P02": "requests leave no record of their own",
        "TR-Conf.03a-N01": "requests leave no record of their own",
    },
)
_ONE_CODE = _variant(
    "gateway-one-code",
    "Associations with devices and all requests are recorded under one code.",
    GatewaySettings(
        recorded={what: ((10, log) if log == "interaction" else (code, log)) for what, (code, log) in RECORDED.items()}
    ),
)
_PATIENT = _variant(
    "gateway-patient",
    "A device is out of reach after the third request in vain; that it is there again is not recorded.",
    GatewaySettings(attempts=3, recorded={what: one for what, one in RECORDED.items() if what != "device_returned"}),
    exceptions=dict.fromkeys(("TR-Conf.03b-P02", "TR-Conf.03b-N04"), "that a device is there again is not recorded"),
    gateway={"attempts": 3},
)
_REPEATING = _variant(
    "gateway-repeats-conditions",
    "A device out of reach is recorded at each request.",
    GatewaySettings(repeats=True),
    exceptions=dict.fromkeys(
        ("TR-Conf.03b-N02", "TR-Conf.03b-N03", "TR-Conf.03b-N04"), "what lasts is recorded again and again"
    ),
    gateway={"repeats": True},
)
_SPARING = _variant(
    "gateway-records-little",
    "Neither what comes and goes nor answers that cannot be deciphered, or came before, are recorded.",
    GatewaySettings(
        recorded={
            what: noted
            for what, noted in RECORDED.items()
            if what not in ("device_installed", "device_removed", "device_undecipherable", "device_replayed")
        }
    ),
    exceptions={
        "TR-Conf.03a-P07": "removal and installation leave no record",
        "TR-Conf.03b-P01": "answers of another key, and of before, leave no record",
    },
)

VARIANTS: dict[str, GatewayVariant] = {
    one.name: one
    for one in (_SAP, _ONE_LOG, _NAME_FIRST, _BY_CODE, _NUMBERED, _SESSIONS, _ONE_CODE, _PATIENT, _REPEATING, _SPARING)
}
