"""M-Bus slaves that speak in other forms, reached over M-Bus alone, and gas meters that are shown otherwise."""

from dataclasses import replace
from typing import Any

from reference_meter.mbus.settings import GAS_DEFAULT_KEY, ClientSettings, MBusSettings, SlaveSettings
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_KEY = bytes(range(0x10, 0x20))
_NO_LOG = "no door leads to the log of data collection"
_BETWEEN_DOORS = {"SU3.step2": "P80 P81 P82", "MF.6": "P80 P81", "TR-Conf.04a": "P80 P81 P82 P83"}
_ALONE = {
    f"{clause}-{number}": "there is no other door to compare with"
    for clause, numbers in _BETWEEN_DOORS.items()
    for number in numbers.split()
}


_OF_KEYS = (
    *("TR-Conf.02a-P71", "TR-Conf.02b-N72", "TR-Conf.02b-N73", "TR-Conf.02b-N74", "TR-Conf.04a-P73"),
    *("TR-Conf.05b-N73", "TR-Conf.05b-N74", "SU3.step2-P75", "SU3.step2-P76", "SU3.step2-N71"),
)
_OF_RATES = ("TR-Conf.01a-P40", "TR-Conf.05a-P44", "TR-Conf.05a-P45")


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
        exceptions=dict.fromkeys(("TR-Conf.09a-P40", "TR-Conf.09b-N40"), _NO_LOG)
        | ({} if "bauds" in table else dict.fromkeys(_OF_RATES, "there is one rate"))
        | _ALONE,
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

_QUICK = _variant(
    "mbus-quick",
    "A bus at 9,600 baud where 2,400 is possible for half a minute; answers come late.",
    replace(MBusSettings(), baud=9600, bauds=(2400,), falls_back_after_s=30.0, bits_before_answer=600, stored_sets=1),
    primary=1,
    baud=9600,
    bauds=[2400],
    falls_back_after_s=30,
)
_CHILD: dict[str, Any] = {
    "name": "gas",
    "client": {"class": 72, "obis": "0.1.24.1.0.255"},
    "methods": ["synchronize_clock", "install", "deinstall"],
    "refresh_s": 900,
    "link": {
        "id": "gas",
        "protocol": "mbus",
        "url": "loop://reference",
        "mbus": {"primary": 2, "baud": 2400, "counts": "volume", "others": [1]},
    },
}


def _of_child(
    name: str, about: str, client: ClientSettings, gas: SlaveSettings, exceptions: dict[str, str], **declared: Any
) -> Variant:
    return Variant(
        name=name,
        about=about,
        configuration=replace(DEFAULT, name=name, mbus=replace(MBusSettings(), client=client, gas=gas)),
        declaration={"identity": {"name": f"reference-{name}"}, "children": [{**_CHILD, **declared}]},
        exceptions=exceptions,
    )


_CHILD_IN_REGISTER = _of_child(
    "child-in-register",
    "The gas meter is fetched every quarter of an hour and never on request; a plain register shows it, and its number "
    "is a number.",
    ClientSettings(capture_period_s=900, value_class=3, digits=False, methods=(1, 2, 5)),
    SlaveSettings(primary=2, identification=12340001, medium=3),
    dict.fromkeys(_OF_KEYS, "the gas meter has no key")
    | {
        "SU3.step2-P72": "a plain register has no time",
        "TR-Conf.08b-N70": "nothing is fetched on request",
    },
    value={"class": 3, "obis": "0.1.24.2.1.255"},
    profile={"class": 7, "obis": "0.1.24.3.0.255"},
)
_CHILD_ON_REQUEST = _of_child(
    "child-on-request",
    "The gas meter is fetched on request, and its profile has a row each quarter of an hour; nobody sets its clock. "
    "Its keys come wrapped and outlive its removal.",
    ClientSettings(
        profile_period_s=900,
        rows=96,
        methods=(1, 2, 3, 7, 8),
        key_set="wrapped",
        key_transferred="wrapped",
        key_kept=True,
    ),
    SlaveSettings(primary=2, identification=12340001, medium=3, key=_KEY, default_key=GAS_DEFAULT_KEY),
    dict.fromkeys(("MF.6-P70", "MF.6-P71", "MF.6-N70"), "the clock of the gas meter cannot be set"),
    value={"class": 4, "obis": "0.1.24.2.1.255"},
    profile={"class": 7, "obis": "0.1.24.3.0.255"},
    methods=["capture", "install", "deinstall", "set_encryption_key", "transfer_key"],
    keying={"default_key": f"hex:{GAS_DEFAULT_KEY.hex()}", "key_set": "wrapped", "key_transferred": "wrapped"},
    link={**_CHILD["link"], "mbus": {**_CHILD["link"]["mbus"], "encryption_key": f"hex:{_KEY.hex()}"}},
)

VARIANTS = (_DECIMAL, _ENCIPHERED, _QUICK, _CHILD_IN_REGISTER, _CHILD_ON_REQUEST)
