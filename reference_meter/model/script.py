"""Script tables (class 9): numbered lists of writes and method calls on the meter's own objects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reference_meter.model.data import NULL, Pair, array, enum, integer, long_unsigned, octet_string, structure
from reference_meter.model.objects import (
    MANAGING,
    MEASURING,
    NOBODY,
    Attribute,
    CosemObject,
    DataAccessResult,
    Method,
    Roles,
)
from reference_meter.model.written import (
    ARRAY,
    ENUM,
    INTEGER,
    LONG_UNSIGNED,
    OCTET_STRING,
    STRUCTURE,
    fields,
    out_of_range,
    written,
)
from reference_meter.server.model_port import AccessRefused

__all__ = ["EXECUTE", "SCRIPTED", "WRITE", "ScriptAction", "ScriptTable"]

WRITE, EXECUTE = 1, 2
SCRIPTED: Roles = frozenset({"script"})
"""For what only the meter's own scripts may do."""
_ACTING: Roles = SCRIPTED | MANAGING
_MOST_SCRIPTS, _MOST_ACTIONS = 16, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptAction:
    """One step of a script."""

    service: int
    """WRITE or EXECUTE."""
    class_id: int
    obis: bytes
    index: int
    """Of the attribute that is written or the method that is invoked."""
    parameter: Pair = NULL


Scripts = Mapping[int, tuple[ScriptAction, ...]]


class ScriptTable:
    """Scripts by their identifiers; nothing of them reaches what stands behind the seal."""

    def __init__(
        self,
        obis: bytes,
        scripts: Scripts,
        objects: Mapping[bytes, CosemObject],
        *,
        guard: Callable[[int], None] = lambda identifier: None,
    ) -> None:
        """``objects`` are those that actions find; ``guard`` raises AccessRefused where no client may execute now."""
        self.obis = obis
        self.scripts = dict(scripts)
        self._objects = objects
        self._guard = guard

    def execute(self, identifier: int) -> None:
        """Perform the actions of a script in their order; AccessRefused at the first one that is refused."""
        actions = self.scripts.get(identifier)
        if actions is None:
            raise out_of_range()
        for action in actions:
            _perform(action, self._objects)

    def object(
        self,
        *,
        write: Callable[[Callable[[], object], Callable[[Pair], None]], Callable[[Pair], None]] | None = None,
        callers: Roles = MANAGING,
    ) -> CosemObject:
        """The instance of class 9; where scripts can be written, ``write`` makes an audited write of a value."""
        return CosemObject(
            class_id=9,
            version=0,
            obis=self.obis,
            attributes={
                2: Attribute(
                    read=lambda: array(_script_to_data(*item) for item in self.scripts.items()),
                    readers=MEASURING,
                    write=write(lambda: tuple(self.scripts.items()), self._write) if write is not None else None,
                    writers=MANAGING if write is not None else NOBODY,
                )
            },
            methods={1: Method(invoke=self._execute_for_client, callers=callers)},
        )

    def _execute_for_client(self, parameter: Pair | None) -> None:
        identifier: int = written(parameter, LONG_UNSIGNED)
        if identifier in self.scripts:
            self._guard(identifier)
        self.execute(identifier)

    def _write(self, data: Pair) -> None:
        scripts = dict(_script_from_data(element) for element in written(data, ARRAY))
        if len(scripts) != len(data[1]) or len(scripts) > _MOST_SCRIPTS:
            raise out_of_range()
        for action in (action for actions in scripts.values() for action in actions):
            _check(action, self._objects)
        self.scripts = scripts


def _perform(action: ScriptAction, objects: Mapping[bytes, CosemObject]) -> None:
    act = _check(action, objects)
    act(action.parameter)


def _check(action: ScriptAction, objects: Mapping[bytes, CosemObject]) -> Callable[[Pair], None]:
    """What the action does with its parameter; AccessRefused where a script may not do it."""
    item = objects.get(action.obis)
    if item is None:
        raise AccessRefused(DataAccessResult.OBJECT_UNDEFINED)
    if item.class_id != action.class_id:
        raise AccessRefused(DataAccessResult.OBJECT_CLASS_INCONSISTENT)
    if action.service == EXECUTE:
        method = item.methods.get(action.index)
        if method is None or not method.callers & _ACTING:
            raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)
        return method.invoke
    attribute = item.attributes.get(action.index)
    if attribute is None or attribute.write is None or attribute.lockable or not attribute.writers & _ACTING:
        raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)
    return attribute.write


def _script_to_data(identifier: int, actions: tuple[ScriptAction, ...]) -> Pair:
    return structure(long_unsigned(identifier), array(map(_action_to_data, actions)))


def _action_to_data(action: ScriptAction) -> Pair:
    return structure(
        enum(action.service),
        long_unsigned(action.class_id),
        octet_string(action.obis),
        integer(action.index),
        action.parameter,
    )


def _script_from_data(element: Pair) -> tuple[int, tuple[ScriptAction, ...]]:
    identifier, actions = fields(element, LONG_UNSIGNED, ARRAY)
    if identifier == 0 or len(actions) > _MOST_ACTIONS:
        raise out_of_range()
    return identifier, tuple(map(_action_from_data, actions))


def _action_from_data(element: Pair) -> ScriptAction:
    *head, parameter = written(element, STRUCTURE) or [NULL]
    service, class_id, obis, index = fields(structure(*head), ENUM, LONG_UNSIGNED, OCTET_STRING, INTEGER)
    if service not in (WRITE, EXECUTE):
        raise out_of_range()
    return ScriptAction(service=service, class_id=class_id, obis=obis, index=index, parameter=parameter)
