"""Which object looks like which role, and what values tell in words."""

from collections.abc import Iterator
from typing import Final

from harness.declaration import LOG_ROLES, ROLES
from harness.discover.found import Found
from harness.headend.rights.object_list import AnnouncedObject
from harness.protocol.axdr import Data
from harness.review.usual_codes import looks_like

__all__ = ["described", "is_event_log", "medium", "objects_by_role", "slug", "text_of", "unplaced_logs"]

_PROFILE_CLASS: Final = 7
_LOG_GROUPS: Final = (99, 98)
_MEDIA: Final = {1: "electricity", 6: "heat", 7: "gas", 8: "water", 9: "water"}
_LONGEST_SLUG: Final = 32
_MEASURED: Final = (3, 4, 5, 7)


def objects_by_role(found: Found) -> dict[str, tuple[AnnouncedObject, ...]]:
    """Return role -> objects that look like it, for roles that some object looks like."""
    announced = tuple(found.announced().values())
    roles = {role: looks_like(role, announced) for role in ROLES}
    return {role: objects for role, objects in roles.items() if objects}


def is_event_log(one: AnnouncedObject) -> bool:
    """Whether a profile has the code of an event log."""
    groups = [int(group) for group in one.obis.split(".")]
    return one.class_id == _PROFILE_CLASS and tuple(groups[2:4]) == _LOG_GROUPS


def unplaced_logs(found: Found) -> Iterator[AnnouncedObject]:
    """Yield event logs whose role their codes do not tell: families of meters number them differently."""
    placed = {one.obis for role, objects in objects_by_role(found).items() if role in LOG_ROLES for one in objects}
    return (one for one in found.of_class(_PROFILE_CLASS) if is_event_log(one) and one.obis not in placed)


def medium(found: Found) -> str | None:
    """Return what the device measures, by the first number of the codes of what it measures."""
    kinds = [int(obis.split(".")[0]) for class_id, obis in found.announced() if class_id in _MEASURED]
    counts = {kind: kinds.count(kind) for kind in kinds if kind in _MEDIA}
    return _MEDIA[max(counts, key=lambda kind: counts[kind])] if counts else None


def text_of(data: Data | None) -> str | None:
    """Return a name or number as people read it; octets that are no text as hexadecimal digits."""
    if data is None or data.value is None:
        return None
    value = data.value
    if isinstance(value, bytes):
        text = value.rstrip(b"\x00").decode("ascii", errors="replace")
        return text.strip() if text.strip() and text.isprintable() and "\ufffd" not in text else value.hex()
    return str(value) if isinstance(value, (int, str, float)) else None


def described(data: Data | None) -> str:
    """Return any value in one line, for a comment."""
    if data is None:
        return "not read"
    value = data.value
    if isinstance(value, tuple):
        return "{" + ", ".join(described(one) for one in value) + "}"
    return text_of(data) or str(value)


def slug(text: str) -> str:
    """Return a name of lower case letters, digits and hyphens."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text.lower())
    return "-".join(part for part in kept.split("-") if part)[:_LONGEST_SLUG].strip("-") or "discovered"
