"""The draft of a declaration: filled where the device told, questions (``# ?``) where only a person knows."""

from collections.abc import Iterator
from typing import Any, Final

from harness.discover.draft_behaviour import behaviour_lines
from harness.discover.draft_objects import object_lines, profile_lines
from harness.discover.found import Found, FoundClient
from harness.discover.roles import described, medium, objects_by_role, slug, text_of
from harness.discover.toml_text import comment, heading, question, setting
from harness.headend.rights.object_list import ObjectList, Right

__all__ = ["draft"]

_FLAG_LETTERS: Final = 3
_SHOWN_TRIES: Final = 20


def draft(found: Found) -> str:
    """Return the text of the file."""
    lines = [
        "# Draft of a declaration, written by conformeter discover from what the device tells of itself.",
        "#",
        "# - What the device told is filled in. What an object is for is guessed from its code: look at it.",
        "# - Lines that begin with '# ?' are questions that only a person can answer; what stays open is judged by its",
        "#   default, or the verdict is INCONCLUSIVE and says what is missing.",
        "# - devices/template.toml explains every key. Next: conformeter check THIS-FILE, then",
        "#   conformeter run --device THIS-FILE. With the ceiling below a run only reads.",
        *_gaps(found),
        "",
        "schema = 1",
        *heading("who the device is"),
        *_identity(found),
        *heading("doors"),
        *_door(found),
        *heading("associations"),
        *_associations(found),
        *heading("objects by role; each looks like its role by class and code"),
        *object_lines(found),
        *heading("profiles"),
        *profile_lines(found),
        *behaviour_lines(found),
    ]
    return "\n".join(lines) + "\n"


def _gaps(found: Found) -> Iterator[str]:
    """Yield what could not be read, and why."""
    gaps = [found.stopped] if found.stopped else []
    gaps += [
        f"class {class_id} {obis} attribute {attribute}: {why}"
        for (class_id, obis, attribute), why in found.failed.items()
    ]
    if not gaps:
        return
    yield "#"
    yield "# This draft is not whole. What got no answer:"
    for gap in gaps:
        yield comment(f"  {gap}")


def _identity(found: Found) -> Iterator[str]:
    by_role = objects_by_role(found)

    def told(role: str) -> str | None:
        values = (found.values.get((one.class_id, one.obis, 2)) for one in by_role.get(role, ()))
        return next((text for text in map(text_of, values) if text), None)

    name, serial, firmware = told("logical_device_name"), told("serial_number"), told("firmware_id")
    maker = name[:_FLAG_LETTERS] if name and name[:_FLAG_LETTERS].isalpha() else None
    yield "[identity]"
    yield setting("name", slug(name or "discovered"), "names the run folders")
    yield setting("manufacturer", maker or "unknown", "first letters of the logical device name" if maker else "")
    yield question(f"manufacturer: its full name, if {maker} is not enough" if maker else "manufacturer?")
    yield setting("type", "unknown")
    yield question("type: as printed on the device")
    yield setting("serial", serial or "unknown", "read from the device" if serial else "")
    yield question("serial: is that what is printed on the device?" if serial else "serial: as printed on the device")
    yield setting("firmware", firmware or "unknown", "read from the device" if firmware else "")
    if not firmware:
        yield question("firmware: as the vendor names it")
    kind = medium(found)
    yield setting("medium", kind or "electricity", "by the codes of its registers" if kind else "")
    if kind is None:
        yield question("medium: electricity, gas, water or heat")
    yield setting("roles", ["meter"])
    yield question("roles: meter; nnap or lnap for a gateway")


def _door(found: Found) -> Iterator[str]:
    door = found.door or {"protocol": "wrapper"}
    yield "[[doors]]"
    yield setting("id", "door")
    yield setting("protocol", door["protocol"])
    yield setting("url", found.url)
    yield setting("connections", 1)
    yield setting("associations", 1)
    yield question("connections, associations: how many at once? One of each is safe")
    if not found.let_in and found.tried:
        yield comment("What was tried here without an association:")
        yield from (comment(f"  {line}") for line in found.tried[:_SHOWN_TRIES])
    yield ""
    yield "[doors.timing]"
    limit_s = _response_time_s(found.slowest_s)
    yield setting("response_time_s", limit_s, f"the slowest answer took {found.slowest_s:.2f} s")
    yield question("response_time_s: within which time must the device answer? It is judged by this number")
    if found.rest_s:
        yield setting("reconnect_delay_s", found.rest_s, "without a rest the door was shut")
    yield question("inactivity_timeout_s = 120.0: after how much silence does the device drop the link?")
    if door["protocol"] == "hdlc" and "hdlc" in door:
        yield ""
        yield "[doors.hdlc]"
        yield from (setting(key, value) for key, value in door["hdlc"].items())
        yield from _port_settings(found)


def _response_time_s(slowest_s: float) -> float:
    """Return a limit in half seconds that leaves the slowest answer some room."""
    return max(1.0, -(-slowest_s * 1.3 // 0.5) * 0.5)


def _port_settings(found: Found) -> Iterator[str]:
    names = {2: "rate code", 3: "window transmit", 4: "window receive", 5: "octets transmit", 6: "octets receive"}
    for one in found.of_class(23):
        told = [f"{what} {described(found.values[23, one.obis, number])}" for number, what in names.items()
                if (23, one.obis, number) in found.values]  # fmt: skip
        yield comment(f"its HDLC setup {one.obis} says: {', '.join(told) or 'nothing'}")


def _associations(found: Found) -> Iterator[str]:
    if found.let_in and not any(client.planned.declared["role"] == "management" for client in found.let_in):
        yield question("a client of role management, and one of role reading: much is judged with their eyes alone")
    for client in found.clients:
        if client.let_in:
            yield from _association(client, found)
        elif client.planned.given:
            yield comment(f"client {client.planned.id} (SAP {client.planned.sap}) was not let in: {client.problem}")
            yield ""
        else:
            yield comment(f"SAP {client.planned.sap} was not let in without a password: {client.problem}")
            yield ""


def _may_write(objects: ObjectList) -> bool:
    return any(one.may_write(number) is not Right.DENIED for one in objects for number in one.attributes if number > 1)


def _association(client: FoundClient, found: Found) -> Iterator[str]:
    yield "[[associations]]"
    declared: dict[str, Any] = client.planned.at(found.server)
    security = declared.pop("security", None)
    first = {key: declared[key] for key in ("id", "role", "client_sap", "server_sap", "mechanism")}
    yield from (setting(key, value) for key, value in (first | declared).items())
    if declared["role"] == "other":
        yield question("role: public, reading, management or other")
    elif declared["role"] == "management" and client.objects is not None and not _may_write(client.objects):
        yield question("role: its object list lets it write nothing; is it reading, and who is management?")
    yield comment(f"granted: {' '.join(client.granted) or 'nothing'}")
    yield comment(f"its requests may have {client.server_pdu_octets or 'any number of'} octets")
    objects = client.objects
    if objects is not None:
        yield comment(
            f"it is shown {len(objects.objects)} objects, by an association of version {objects.association_version}"
        )
    if client.problem:
        yield comment(f"not everything was read: {client.problem}")
    if client.context:
        yield comment(f"its association object says: context {client.context}")
    yield ""
    if security is not None:
        yield "[associations.security]"
        yield from (setting(key, value) for key, value in security.items())
        if client.server_title is not None:
            yield setting("server_system_title", client.server_title.hex().upper())
        yield ""
