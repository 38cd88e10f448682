"""The COSEM objects of the device by role."""

from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from harness.declaration.problem import Problem, Problems, listed, suggestion
from harness.declaration.role import ROLES
from harness.declaration.section import Section, problems_of, spelled

__all__ = ["Absent", "CosemObject", "Declared", "Objects", "parse_objects"]

_OBIS = 'six numbers from 0 to 255, such as "1.0.1.8.0.255"'
_NUMBER = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PROBE = "logical_device_name"
_TABLE = 'a table such as { class = 3, obis = "1.0.1.8.0.255" }'
Obis = Annotated[str, AfterValidator(spelled(rf"{_NUMBER}(?:\.{_NUMBER}){{5}}", _OBIS)), Field(description=_OBIS)]


class Absent(Enum):
    """The declaration says outright that the device has no such object."""

    ABSENT = "absent"


class CosemObject(Section):
    """One COSEM object: class and OBIS code."""

    class_id: Annotated[int, Field(alias="class", ge=0, le=0xFFFF)]
    obis: Obis
    """As written in files, e.g. ``1.0.1.8.0.255``."""
    version: Annotated[int, Field(ge=0, le=0xFF)] | None = None
    attribute: Annotated[int, Field(ge=1, le=127)] = 2
    """The attribute that holds the object's value or buffer."""

    @property
    def logical_name(self) -> bytes:
        """The OBIS code as the six octets of a message."""
        return bytes(int(number) for number in self.obis.split("."))


Declared = tuple[CosemObject, ...] | Absent


class Objects(Section):
    """All objects by role, and the role that good exchanges read."""

    probe: str = _PROBE
    declared: dict[str, Declared] = Field(default_factory=dict)


def parse_objects(value: Any) -> Objects:
    """Read the section ``[objects]``; ``Problems`` tells everything that is wrong in it."""
    if isinstance(value, Objects):
        return value
    if not isinstance(value, dict):
        raise Problems.one("is not a table", "a table of roles")
    declared: dict[str, Declared] = {}
    problems: list[Problem] = []
    for role, entry in value.items():
        if role == "probe":
            continue
        try:
            declared[role] = _entry(role, entry)
        except Problems as found:
            problems += [problem.below((role,)) for problem in found.problems]
    probe = value.get("probe", _PROBE)
    single = [role for role, expected in ROLES.items() if not expected.many]
    if probe not in single:
        problems.append(Problem(path=("probe",), wrong="is not the role of an object", allowed=listed(single)))
    if problems:
        raise Problems(problems)
    return Objects(probe=probe, declared=declared)


def _entry(role: str, entry: Any) -> Declared:
    if role not in ROLES:
        raise Problems.one(f"is unknown{suggestion(role, ROLES)}", listed(["probe", *ROLES]))
    if entry == Absent.ABSENT.value:
        return Absent.ABSENT
    if not ROLES[role].many:
        return (_object(role, entry),)
    if not isinstance(entry, list) or not entry:
        raise Problems.one(
            "is not a list of objects", f'a list with at least one {_TABLE.removeprefix("a ")}, or "absent"'
        )
    objects: list[CosemObject] = []
    problems: list[Problem] = []
    for index, item in enumerate(entry):
        try:
            objects.append(_object(role, item))
        except Problems as found:
            problems += [problem.below((index,)) for problem in found.problems]
    if problems:
        raise Problems(problems)
    return tuple(objects)


def _object(role: str, entry: Any) -> CosemObject:
    if not isinstance(entry, dict):
        raise Problems.one("is not an object", f'{_TABLE}, or "absent"')
    try:
        found = CosemObject.model_validate(entry)
    except ValidationError as error:
        problems = problems_of(error, CosemObject)
    else:
        classes = ROLES[role].classes
        if found.class_id in classes:
            return found
        allowed = " or ".join(str(class_id) for class_id in classes)
        problems = [Problem(path=("class",), wrong=f"is {found.class_id}", allowed=allowed)]
    raise Problems(problems)
