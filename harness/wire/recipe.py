"""What is to be spoilt in a frame: layer, field and how; small enough to be kept in a trace."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

__all__ = ["Layer", "Mutation", "Recipe", "spoilt"]

Layer = Literal["line", "wrapper", "hdlc", "llc", "apdu", "element"]
"""``line``: the octets of the whole frame; ``element``: one element of an ACSE APDU."""
Mutation = Literal["set", "flip", "cut", "insert", "remove", "double", "swap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One way to spoil a frame.

    Numbers are set, or flipped by ``number``. Octets are changed from octet ``at`` on (counted round where the field
    is shorter): cut off, or so many as ``number`` says removed, doubled or swapped with the next ones, flipped by the
    octets of ``octets``, set to them altogether, or these inserted.
    """

    layer: Layer
    field: str
    """Name of the scapy field, or ``octets`` for the whole layer, or ``element`` for a whole ACSE element."""
    mutation: Mutation
    at: int = 0
    number: int = 0
    octets: bytes = b""
    index: int = 0
    """Which ACSE element."""
    fit: bool = False
    """Whether the lengths around an ACSE element fit what has become of it."""

    def describe(self) -> str:
        """Return one line for people."""
        where = f"{self.layer}[{self.index}]" if self.layer == "element" else self.layer
        details = [f"at {self.at}"] if self.at else []
        details += [f"number {self.number}"] if self.number else []
        details += [self.octets.hex(" ")] if self.octets else []
        details += ["lengths fit"] if self.fit else []
        return f"{where}.{self.field} {self.mutation}" + (f" ({', '.join(details)})" if details else "")

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self) | {"octets": self.octets.hex()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Recipe":
        """Take it from a JSON object; ``ValueError`` or ``TypeError`` for what is none."""
        recipe = cls(**{**data, "octets": bytes.fromhex(data["octets"])})
        if recipe.layer not in get_args(Layer) or recipe.mutation not in get_args(Mutation):
            raise ValueError(f"no recipe: {recipe.layer} {recipe.mutation}")
        return recipe


def spoilt(octets: bytes, recipe: Recipe) -> bytes | None:
    """Return octets changed as the recipe says; None where nothing comes of it."""
    at = recipe.at % (len(octets) + 1)
    count = max(recipe.number, 1)
    part, behind = octets[at : at + count], octets[at + count :]
    match recipe.mutation:
        case "set":
            changed = recipe.octets
        case "cut":
            changed = octets[:at]
        case "insert":
            changed = octets[:at] + recipe.octets + octets[at:]
        case "remove":
            changed = octets[:at] + behind
        case "double":
            changed = octets[:at] + part + part + behind
        case "swap":
            changed = octets[:at] + behind[:count] + part + behind[count:]
        case "flip":
            mask = recipe.octets.ljust(len(part), b"\0")
            length = min(len(recipe.octets), len(octets) - at)
            flipped = bytes(one ^ other for one, other in zip(octets[at : at + length], mask, strict=False))
            changed = octets[:at] + flipped + octets[at + length :]
    return None if changed == octets else changed
