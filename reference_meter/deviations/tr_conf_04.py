"""TR-Conf.04: one uniform description of errors."""

from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation
from reference_meter.deviations.reading import Read, change_refusals
from reference_meter.meter import Meter
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.model_port import AccessRefused

__all__ = ["FAMILIES"]

_CODES_THAT_NOBODY_KNOWS = (20, 77, 100, 200)


@deviation(
    "unknown-error-code",
    "TR-Conf.04a",
    about="One kind of error is answered with a data-access-result that the standard does not have.",
)
def unknown_error_code(meter: Meter, rng: Random) -> None:
    """Draw the error and the code."""
    replaced = rng.choice((DataAccessResult.OBJECT_UNDEFINED, DataAccessResult.OTHER_REASON))
    code = rng.choice(_CODES_THAT_NOBODY_KNOWS)

    def instead(read: Read) -> Pair:
        raise AccessRefused(code)

    change_refusals(meter, replaced, instead)


FAMILIES = (unknown_error_code,)
