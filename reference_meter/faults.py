"""What a proof of the harness may put in force in this meter: deviations and variants by name."""

from collections.abc import Mapping, Sequence

from reference_meter.deviations.family import Deviation
from reference_meter.deviations.registry import DEVIATIONS
from reference_meter.variants import VARIANTS, Variant

__all__ = ["FAULTS", "ReferenceFaults"]


_NO_ATTRIBUTE_0 = "this meter has no access to all attributes at once by attribute 0"
_ANSWERING = "a meter that declares answers to wrong ciphering breaks TR-Conf.05b, so it is no variant"
_NOWHERE_TO_JUDGE = {
    "TR-Conf.01a-N01.attribute-0": _NO_ATTRIBUTE_0,
    "TR-Conf.01a-N02.attribute-0": _NO_ATTRIBUTE_0,
    "TR-Conf.02c-N01.attribute-0": _NO_ATTRIBUTE_0,
    "TR-Conf.05b-N60.tag-last-bit": _ANSWERING,
    "TR-Conf.05b-N60.encryption-key": _ANSWERING,
    "TR-Conf.05b-N60.authentication-key": _ANSWERING,
    "TR-Conf.05b-N60.tag-missing": _ANSWERING,
    "TR-Conf.05b-N61.last": _ANSWERING,
    "TR-Conf.05b-N61.last-but-one": _ANSWERING,
}


class ReferenceFaults:
    """The faults of the loop device ``reference``."""

    def deviations(self) -> Sequence[Deviation]:
        """All families of wrong behaviour."""
        return tuple(DEVIATIONS.values())

    def variants(self) -> Sequence[Variant]:
        """All right behaviours that differ from the default."""
        return tuple(VARIANTS.values())

    def nowhere_to_judge(self) -> Mapping[str, str]:
        """Scenarios (id and row) that find nothing to judge on any variant of this meter."""
        return _NOWHERE_TO_JUDGE


FAULTS = ReferenceFaults()
