"""One meter at many doors, each of which shows things in its own way."""

from dataclasses import replace

from reference_meter.consumer.settings import DSMR_4
from reference_meter.mbus.settings import MBusSettings
from reference_meter.optical.settings import OpticalSettings
from reference_meter.server.settings import LinkSettings
from reference_meter.variants.variant import DEFAULT, Variant, doors

__all__ = ["VARIANTS"]

_URL = "loop://reference"
_MBUS = {
    "id": "mbus",
    "protocol": "mbus",
    "url": _URL,
    "mbus": {
        "primary": 1,
        "identification": "12345678",
        "manufacturer": "CFM",
        "version": 1,
        "medium": 2,
        "others": [2],
        "baud": 2400,
        "bauds": [300, 9600],
        "falls_back_after_s": 120,
        "due": "month",
        "error_flags": "error_register",
    },
}
_OPTICAL = {
    "id": "optical",
    "protocol": "iec62056_21",
    "url": _URL,
    "clock_shows": "standard",
    "not_same": ["power_export"],
    "iec62056_21": {
        "hdlc": True,
        "secret": "text:port-5621",
        "parameter": {
            "address": "1-0:0.8.0*255",
            "values": ["0900", "1800"],
            "wrong": "7",
            "object": {"class": 5, "obis": "1.0.1.4.0.255", "attribute": 8},
        },
    },
    "timing": {"response_time_s": 1.5},
}
_CONSUMER = {
    "id": "consumer",
    "protocol": "p1",
    "url": _URL,
    "tariffs": [1, 2],
    "p1": {
        "period_s": 10.0,
        "formats": {"1-0:1.8.1": "000000.000*kWh"},
        "objects": [
            *("1-3:0.2.8", "0-0:1.0.0", "0-0:96.1.1", "1-0:1.8.1", "1-0:1.8.2", "1-0:2.8.1", "1-0:2.8.2"),
            *("0-0:96.14.0", "1-0:1.7.0", "1-0:2.7.0", "0-0:17.0.0", "0-0:96.3.10", "0-0:96.13.0"),
            *("0-1:24.1.0", "0-1:96.1.0", "0-1:24.2.1"),
        ],
    },
}

_MANY_FORMS = Variant(
    name="doors-of-many-forms",
    about="Whole kWh at the local port and rounded ones over M-Bus beside Wh by DLMS, telegrams every ten "
    "seconds; winter time all the year at the local port.",
    configuration=replace(
        DEFAULT,
        name="doors-of-many-forms",
        mbus=replace(MBusSettings(), energy_exponent=3),
        consumer=DSMR_4,
        link=LinkSettings(optical=OpticalSettings(energy_places=0, standard_time=True, full_codes=True)),
    ),
    declaration={
        "identity": {"name": "reference-doors-of-many-forms"},
        "doors": [doors()[0], {**doors()[1], "functional": False}, _MBUS, _OPTICAL, _CONSUMER],
    },
    exceptions=dict.fromkeys(("MF.2-P08", "MF.2-N06"), "nothing switches a data request"),
)

VARIANTS = (_MANY_FORMS,)
