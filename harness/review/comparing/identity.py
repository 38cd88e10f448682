"""Who the device says it is: serial number, firmware, device name, logical devices."""

from collections.abc import Iterator

from harness.declaration import CosemObject, Declaration
from harness.protocol.axdr import Data
from harness.review.fact import DoorFacts, Read, Row, shown

__all__ = ["compare_identity", "same_name", "saps_of"]

_TOPIC = "identity"
_LONGEST_NAME_OCTETS = 16
_SAP_CLASS = 17


def compare_identity(declaration: Declaration, facts: DoorFacts) -> Iterator[Row]:
    """Yield serial number, firmware, device name and the list of logical devices, as far as they could be read."""
    identity = declaration.identity
    for role, declared in (("serial_number", identity.serial), ("firmware_id", identity.firmware)):
        read = _read(declaration, facts, role)
        if read is None or read.data is None:
            continue
        same = same_name(declared, shown(read.data))
        yield Row(
            door=facts.door, topic=_TOPIC, item=role, declared=declared, announced=shown(read.data), agrees=same,
            note="" if same else f"[identity] {'serial' if role == 'serial_number' else 'firmware'} is another one",
            frame=read.frame,
        )  # fmt: skip
    name = _read(declaration, facts, "logical_device_name")
    if name is not None and name.data is not None:
        octets = name.data.value
        wrong = ""
        if not isinstance(octets, bytes) or not 1 <= len(octets) <= _LONGEST_NAME_OCTETS:
            wrong = "a logical device name is an octet-string of 1 to 16"
        yield Row(
            door=facts.door, topic=_TOPIC, item="logical device name", announced=shown(name.data),
            agrees=False if wrong else None, note=wrong, frame=name.frame,
        )  # fmt: skip
    yield from _saps(declaration, facts)


def same_name(declared: str, announced: str) -> bool:
    """Whether two spellings may name the same: blanks and leading zeros aside, one may be part of the other."""
    one, other = (text.strip().casefold() for text in (declared, announced))
    return bool(one and other) and (one in other or other in one or one.lstrip("0") == other.lstrip("0"))


def _read(declaration: Declaration, facts: DoorFacts, role: str) -> Read | None:
    found = declaration.object(role)
    return facts.value(found) if isinstance(found, CosemObject) else None


def saps_of(data: Data | None) -> dict[int, str] | None:
    """Decode a list of logical devices: SAP -> name; None for what is none."""
    if data is None or not isinstance(data.value, tuple):
        return None
    found = {}
    for entry in data.value:
        cells = entry.value if isinstance(entry.value, tuple) else ()
        match [cell.value for cell in cells]:
            case [int(sap), bytes()]:
                found[sap] = shown(cells[1])
            case _:
                return None
    return found


def _saps(declaration: Declaration, facts: DoorFacts) -> Iterator[Row]:
    for (class_id, _, attribute), read in facts.reads.items():
        if class_id != _SAP_CLASS or attribute != 2 or read.data is None:
            continue
        saps = saps_of(read.data)
        used = {one.server_sap for one in declaration.associations if one.fits(facts.door)}
        missing = sorted(used - set(saps or ()))
        note = "" if saps else "no list of SAP and name"
        if saps and missing:
            note = f"no logical device at {', '.join(map(str, missing))}"
        yield Row(
            door=facts.door,
            topic=_TOPIC,
            item="logical devices",
            declared=", ".join(map(str, sorted(used))),
            announced=", ".join(f"{sap} {name}" for sap, name in (saps or {}).items()),
            agrees=not note,
            note=note,
            frame=read.frame,
        )
