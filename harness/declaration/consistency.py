"""What must fit together across the sections of a declaration."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from harness.declaration.bench import COMMAND_VALUES
from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.gateway import gateway_problems
from harness.declaration.objects import Absent
from harness.declaration.place import KeyPath
from harness.declaration.placeholder import EXAMPLE_FOLDER, EXAMPLE_PORT, filled, placeholder_problems
from harness.declaration.problem import Problem, listed, suggestion
from harness.declaration.section import walk
from harness.errors import UsageError

__all__ = ["CheckUrl", "check_answers", "check_ceilings", "consistency_problems"]

CheckUrl = Callable[[str, str], None]
"""Takes URL and protocol of a door; raises ``UsageError`` when the URL is wrong."""

_CONTROL = re.compile(r"tcp://(?:\[[0-9A-Fa-f:.%]+\]|[^\s/?#\[\]:@]+):([0-9]{1,5})")
_HIGHEST_HDLC_CLIENT = 0x7F
_ABILITIES = ("time", "load", "power", "hands", "disturbance", "devices", "firmware")


def consistency_problems(declaration: Declaration, check_url: CheckUrl) -> list[Problem]:
    """Everything that is wrong between sections whose own keys are right."""
    problems: list[Problem] = []
    for find in (
        _ids,
        _doors,
        _secrets,
        _saps,
        _counters,
        _objects,
        _events,
        _pre_established,
        _effects,
        _bench,
        _placeholders,
        _gateway,
        _children,
    ):
        problems += find(declaration)
    return problems or list(_urls(declaration, check_url))


def check_answers(declaration: Declaration, catalogue_conditions: Mapping[str, tuple[str, ...]]) -> None:
    """Raise ``DeclarationError`` where chosen answers go beyond those that the catalogue allows."""
    tables: list[tuple[KeyPath, dict[str, tuple[str, ...]]]] = [(("answers",), declaration.answers)]
    tables += [(("doors", number, "answers"), door.answers) for number, door in enumerate(declaration.doors)]
    problems: list[Problem] = []
    for prefix, chosen in tables:
        for condition, answers in chosen.items():
            path = (*prefix, condition)
            if condition not in catalogue_conditions:
                wrong = f"is no condition{suggestion(condition, catalogue_conditions)}"
                problems.append(Problem(path=path, wrong=wrong, allowed=listed(catalogue_conditions)))
                continue
            allowed = catalogue_conditions[condition]
            problems += [
                Problem(path=(*path, number), wrong=f'"{answer}" is not accepted here', allowed=listed(allowed))
                for number, answer in enumerate(answers)
                if answer not in allowed
            ]
    if problems:
        raise declaration.error(problems)


def check_ceilings(declaration: Declaration, ceilings: Mapping[str, float]) -> None:
    """Raise ``DeclarationError`` where a time or tolerance is above the catalogue's ceiling.

    ``ceilings`` goes by the catalogue's ids: a key alone (``response_time_s``) or with its section
    (``clock_tolerance_s``), percentages with their unit (``accuracy_class_percent``).
    """
    problems: list[Problem] = []
    for path, value in walk(declaration):
        key = str(path[-1])
        names = (key, "_".join(str(part) for part in path[-2:]), f"{key}_percent")
        ceiling = next((ceilings[name] for name in names if name in ceilings), None)
        if ceiling is not None and value is not None and value > ceiling:
            problems.append(Problem(path=path, wrong=f"is {value}", allowed=f"at most {ceiling}"))
    if problems:
        raise declaration.error(problems)


def _ids(declaration: Declaration) -> Iterator[Problem]:
    for key, items in (("doors", declaration.doors), ("associations", declaration.associations)):
        ids = [item.id for item in items]
        for number, name in enumerate(ids):
            if name in ids[:number]:
                yield Problem(path=(key, number, "id"), wrong=f'"{name}" is taken', allowed="an id of its own")


def _doors(declaration: Declaration) -> Iterator[Problem]:
    known = [door.id for door in declaration.doors]
    for number, association in enumerate(declaration.associations):
        for place, door_id in enumerate(association.doors or ()):
            if door_id not in known:
                path = ("associations", number, "doors", place)
                wrong = f'is "{door_id}", which is no door{suggestion(door_id, known)}'
                yield Problem(path=path, wrong=wrong, allowed=listed(known))
    dlms_doors = declaration.dlms_doors
    if dlms_doors and not any(door.functional for door in dlms_doors):
        number = declaration.doors.index(dlms_doors[0])
        wrong = "is false here and at every other DLMS door, so clauses judged through any door would be left out"
        yield Problem(path=("doors", number, "functional"), wrong=wrong, allowed="true for at least one DLMS door")


def _secrets(declaration: Declaration) -> Iterator[Problem]:
    if declaration.test_keys:
        return
    for path, secret in declaration.secrets():
        if secret.is_literal:
            yield Problem(
                path=path,
                wrong="is a literal secret (not shown) without test_keys = true",
                allowed='"env:NAME", "file:PATH", "keyring:SERVICE/USER"',
            )


def _saps(declaration: Declaration) -> Iterator[Problem]:
    hdlc_doors = [door for door in declaration.doors if door.protocol == "hdlc"]
    for number, association in enumerate(declaration.associations):
        for door in hdlc_doors:
            if not association.fits(door.id):
                continue
            if association.client_sap > _HIGHEST_HDLC_CLIENT:
                yield Problem(
                    path=("associations", number, "client_sap"),
                    wrong=f"is {association.client_sap}, too high for the HDLC door {door.id}",
                    allowed=f"a whole number from 1 to {_HIGHEST_HDLC_CLIENT}",
                )
            if door.logical_device(association) > door.hdlc.highest_address:
                yield Problem(
                    path=("associations", number, "server_sap"),
                    wrong=f"is {association.server_sap}, too high for the addresses of the HDLC door {door.id}",
                    allowed=f"at most {door.hdlc.highest_address}, or doors.hdlc.logical_device",
                )


def _counters(declaration: Declaration) -> Iterator[Problem]:
    """The counter that the device announces can be asked for."""
    asks = [
        number
        for number, one in enumerate(declaration.associations)
        if one.security and one.security.counter == "device"
    ]
    for number in asks:
        path = ("associations", number, "security", "counter")
        if not isinstance(declaration.objects.declared.get("invocation_counter"), tuple):
            yield Problem(
                path=path, wrong='is "device", and objects.invocation_counter is not declared', allowed="store"
            )
        public = declaration.association_of("public")
        if public is None or public.ciphered:
            yield Problem(
                path=path, wrong='is "device", and no association of role public can be asked', allowed="store"
            )


def _objects(declaration: Declaration) -> Iterator[Problem]:
    probe = declaration.objects.probe
    if declaration.associations and not isinstance(declaration.objects.declared.get(probe), tuple):
        yield Problem(
            path=("objects", "probe"),
            wrong=f"is {probe}, which objects does not declare; good exchanges read it",
            allowed="a role declared in objects",
        )
    for role in declaration.profiles:
        if declaration.object(role) is Absent.ABSENT:
            yield Problem(
                path=("profiles", role),
                wrong=f"describes what objects.{role} declares absent",
                allowed="an object there, or no such table here",
            )


def _events(declaration: Declaration) -> Iterator[Problem]:
    """An event stands in a log that is declared or at least not declared absent."""
    for role, event in declaration.events.declared.items():
        if isinstance(event, Absent) or not event.log:
            continue
        if declaration.object(event.log) is Absent.ABSENT:
            yield Problem(
                path=("events", role, "log"),
                wrong=f"is {event.log}, which objects declares absent",
                allowed="a log that the device has",
            )


def _pre_established(declaration: Declaration) -> Iterator[Problem]:
    """Nobody proves anything in an association that is open without a request."""
    for number, one in enumerate(declaration.associations):
        if one.pre_established and one.mechanism != "none":
            yield Problem(
                path=("associations", number, "mechanism"),
                wrong=f"is {one.mechanism}, and pre_established is true",
                allowed="none",
            )


def _effects(declaration: Declaration) -> Iterator[Problem]:
    if "irreversible" not in declaration.effects.allowed:
        return
    if declaration.effects.irreversible_serial != declaration.identity.serial:
        yield Problem(
            path=("effects", "irreversible_serial"),
            wrong="does not repeat the serial number, and irreversible effects are allowed",
            allowed=f'"{declaration.identity.serial}", as in identity.serial',
        )


def _bench(declaration: Declaration) -> Iterator[Problem]:
    bench = declaration.bench
    sources = Counter(getattr(bench, ability) for ability in _ABILITIES)
    real_doors = [door.id for door in declaration.doors if not door.is_virtual]
    if sources["reference"] and real_doors and bench.control is None:
        yield Problem(
            path=("bench", "control"),
            wrong=f"is missing: the bench reference must reach the device behind {listed(real_doors)}",
            allowed='"tcp://host:port"',
        )
    if bench.load == "realtime" and bench.constant_load is None:
        yield Problem(
            path=("bench", "constant_load"),
            wrong='is missing, because load = "realtime"',
            allowed="a table with import_w, export_w",
        )
    named = bench.model_fields_set & set(_ABILITIES)
    uses_commands = any(getattr(bench, ability) == "command" for ability in named)
    if uses_commands and not bench.commands:
        yield Problem(
            path=("bench", "commands"),
            wrong='is missing, because the bench "command" is named',
            allowed="a table of argument lists",
        )
    if bench.control is not None and not placeholder_problems((), bench.control, python=False):
        match = _CONTROL.fullmatch(filled(bench.control, _example_values(declaration)))
        if match is None or not 1 <= int(match[1]) <= 0xFFFF:
            yield Problem(
                path=("bench", "control"),
                wrong=f'is "{bench.control}"',
                allowed='"tcp://host:port", port 1 to 65535',
            )


def _gateway(declaration: Declaration) -> Iterator[Problem]:
    doors = [door.id for door in declaration.dlms_doors]
    return gateway_problems(declaration.gateway, declaration.identity, doors)


def _children(declaration: Declaration) -> Iterator[Problem]:
    """The way to a meter of another medium is none of the doors."""
    for number, child in enumerate(declaration.children):
        if child.link is not None and child.link.id in [door.id for door in declaration.doors]:
            path = ("children", number, "link", "id")
            yield Problem(path=path, wrong=f'"{child.link.id}" is taken by a door', allowed="an id of its own")


def _every_door(declaration: Declaration) -> Iterator[tuple[KeyPath, Door]]:
    """The doors, and those of meters behind the device, with their places."""
    for number, door in enumerate(declaration.doors):
        yield ("doors", number), door
    for number, child in enumerate(declaration.children):
        if child.link is not None:
            yield ("children", number, "link"), child.link


def _placeholders(declaration: Declaration) -> Iterator[Problem]:
    for place, door in _every_door(declaration):
        yield from placeholder_problems((*place, "url"), door.url, python=False)
    yield from placeholder_problems(("bench", "control"), declaration.bench.control or "", python=False)
    for name, words in declaration.bench.commands.items():
        for number, word in enumerate(words):
            path = ("bench", "commands", name, number)
            yield from placeholder_problems(path, word, python=True, more=COMMAND_VALUES.get(name, ()))
    for program in ("device_command", "power_cycle_command"):
        for number, word in enumerate(getattr(declaration.lab, program)):
            yield from placeholder_problems(("lab", program, number), word, python=True)


def _urls(declaration: Declaration, check_url: CheckUrl) -> Iterator[Problem]:
    values = _example_values(declaration)
    for place, door in _every_door(declaration):
        try:
            check_url(filled(door.url, values), door.protocol)
        except UsageError as error:
            yield Problem(path=(*place, "url"), wrong=str(error))


def _example_values(declaration: Declaration) -> dict[str, str]:
    ports = {f"port.{name}": str(EXAMPLE_PORT) for name in declaration.placeholder_ports()}
    return {**ports, "folder": EXAMPLE_FOLDER, "python": "python"}
