"""A parameter of the meter by name, and a change of it."""

from dataclasses import dataclass

from reference_meter.model.data import Pair, integer, long_unsigned, octet_string, structure
from reference_meter.model.written import INTEGER, LONG_UNSIGNED, OCTET_STRING, fields

__all__ = ["Change", "Parameter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One attribute of one object."""

    class_id: int
    obis: bytes
    attribute: int

    def cells(self) -> tuple[Pair, Pair, Pair]:
        """Class, logical name and number of the attribute."""
        return long_unsigned(self.class_id), octet_string(self.obis), integer(self.attribute)

    def data(self) -> Pair:
        """The structure that names it."""
        return structure(*self.cells())

    @classmethod
    def from_data(cls, data: Pair | None) -> "Parameter":
        """Read such a structure; AccessRefused for another type."""
        class_id, obis, attribute = fields(data, LONG_UNSIGNED, OCTET_STRING, INTEGER)
        return cls(class_id=class_id, obis=obis, attribute=attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a client has written where."""

    parameter: Parameter
    value: Pair
