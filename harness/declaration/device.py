"""The declaration of one device as a whole, and the questions that the harness asks it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr

from harness.declaration.association import AssociationDeclaration, AssociationRole
from harness.declaration.audit import Audit, Collection
from harness.declaration.bench import COMMAND_VALUES, Bench, Lab
from harness.declaration.billing import Billing
from harness.declaration.child import Child
from harness.declaration.ciphering_errors import CipheringErrorPolicy, answered_by_policy, silence_is_due
from harness.declaration.clock import Clock
from harness.declaration.door import Door
from harness.declaration.effect import Effects
from harness.declaration.event import EVENT_ROLES, Event, Events, Log, parse_events, parse_logs
from harness.declaration.function import Metering
from harness.declaration.gateway import GatewayBehaviour
from harness.declaration.hardware_fault import HardwareFault
from harness.declaration.identity import Identity
from harness.declaration.objects import Absent, CosemObject, Objects, parse_objects
from harness.declaration.place import KeyPath
from harness.declaration.placeholder import filled, port_names
from harness.declaration.privacy import Privacy
from harness.declaration.problem import Origin, Problem, Problems, listed, suggestion
from harness.declaration.profile import Profile
from harness.declaration.protection import Access, DeviceSecurity, Metrology, Robustness
from harness.declaration.role import ROLES
from harness.declaration.secret import Secret
from harness.declaration.section import AnswerName, Section, Whole, walk
from harness.declaration.supply import DisconnectorBehaviour, LimiterBehaviour
from harness.declaration.tariff import Tariff
from harness.errors import DeclarationError, Inconclusive, NonConformity, NotApplicable

__all__ = ["Declaration"]

_CIPHERED_ORDER: tuple[AssociationRole, ...] = ("reading", "management", "other", "public")


def _of_profile_roles(profiles: dict[str, Profile]) -> dict[str, Profile]:
    known = [role for role, expected in ROLES.items() if 7 in expected.classes]
    wrong = [
        Problem(path=(role,), wrong=f"is unknown{suggestion(role, known)}", allowed=listed(known))
        for role in profiles
        if role not in known
    ]
    if wrong:
        raise Problems(wrong)
    return profiles


class Declaration(Section):
    """A device as its vendor declares it; made by ``load_declaration`` and ``parse_declaration``."""

    schema_version: Annotated[Literal[1], Whole, Field(alias="schema")]
    test_keys: bool = False
    """Whether secrets may stand in the file itself, which real keys must not."""
    identity: Identity
    doors: Annotated[tuple[Door, ...], Field(strict=False, min_length=1)]
    associations: Annotated[tuple[AssociationDeclaration, ...], Field(strict=False)] = ()
    objects: Annotated[Objects, BeforeValidator(parse_objects)] = Objects()
    profiles: Annotated[dict[str, Profile], AfterValidator(_of_profile_roles)] = Field(default_factory=dict)
    clock: Clock = Clock()
    metering: Metering = Metering()
    billing: Billing = Billing()
    tariff: Tariff = Tariff()
    audit: Audit = Audit()
    collection: Collection = Collection()
    answers: dict[str, Annotated[tuple[AnswerName, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict
    )
    """Error condition -> answers chosen among those that the catalogue allows."""
    ciphering_error_policy: CipheringErrorPolicy = "silent"
    """What an erroneously ciphered request gets: nothing, an exception, or an exception for counters only."""
    events: Annotated[Events, BeforeValidator(parse_events)] = Events()
    logs: Annotated[dict[str, Log], AfterValidator(parse_logs)] = Field(default_factory=dict)
    security: DeviceSecurity = DeviceSecurity()
    access: Access = Access()
    metrology: Metrology = Metrology()
    hardware_fault: HardwareFault | None = None
    """How a fault of the hardware is told; None where the declaration does not say it."""
    limiter: LimiterBehaviour = LimiterBehaviour()
    disconnector: DisconnectorBehaviour = DisconnectorBehaviour()
    privacy: Privacy = Privacy()
    gateway: GatewayBehaviour = GatewayBehaviour()
    children: Annotated[tuple[Child, ...], Field(strict=False)] = ()
    """Meters of other media that hand their data over to the device."""
    robustness: Robustness = Robustness()
    effects: Effects = Effects()
    bench: Bench = Bench()
    lab: Lab = Lab()

    _secrets: tuple[tuple[KeyPath, Secret], ...] = PrivateAttr(default=())
    """Found once: nothing in a declaration changes."""
    _origin: Origin = PrivateAttr(default_factory=lambda: Origin(name="declaration"))

    @property
    def redacted(self) -> bool:
        """Whether secrets are withheld, so that only a replay can use the declaration."""
        return any(secret.is_withheld for _, secret in self.secrets())

    def error(self, problems: list[Problem]) -> DeclarationError:
        """The error that tells ``problems`` found later, with the lines of the file where known."""
        return self._origin.error(problems)

    def secrets(self) -> Iterator[tuple[KeyPath, Secret]]:
        """All secrets with the keys that hold them."""
        if not self._secrets:
            self._secrets = tuple((path, value) for path, value in walk(self) if isinstance(value, Secret))
        return iter(self._secrets)

    @property
    def dlms_doors(self) -> tuple[Door, ...]:
        """The doors at which associations can be opened, in the order of the file."""
        return tuple(door for door in self.doors if door.speaks_dlms)

    def door(self, door_id: str) -> Door:
        """The door of this id; ``DeclarationError`` names the declared ones."""
        known = {door.id: door for door in self.doors}
        if door_id not in known:
            raise self.error([Problem(path=("doors",), wrong=_no_such(door_id, known), allowed=listed(known))])
        return known[door_id]

    def association(self, association_id: str) -> AssociationDeclaration:
        """The association of this id; ``DeclarationError`` names the declared ones."""
        known = {association.id: association for association in self.associations}
        if association_id not in known:
            wrong = _no_such(association_id, known)
            raise self.error([Problem(path=("associations",), wrong=wrong, allowed=listed(known))])
        return known[association_id]

    def association_of(self, role: AssociationRole, door_id: str | None = None) -> AssociationDeclaration | None:
        """The first association of this role, at that door if one is given, or None when there is none."""
        of_role = (item for item in self.associations if item.role == role)
        return next((item for item in of_role if door_id is None or item.fits(door_id)), None)

    def ciphered_association(self, door: Door, role: AssociationRole | None = None) -> AssociationDeclaration | None:
        """The first ciphered association that the door lets in, reading before management before other.

        With ``role`` only that one counts. None when there is none; one that is pre-established does not count.
        """
        of_door = [one for one in self.associations if one.ciphered and not one.pre_established and one.fits(door.id)]
        order = (role,) if role is not None else _CIPHERED_ORDER
        return next((one for wanted in order for one in of_door if one.role == wanted), None)

    def challenges_at(self, door: Door) -> bool:
        """Whether an association that the door lets in begins with challenges: high level security of any kind."""
        return any(one.mechanism.startswith("hls") and one.fits(door.id) for one in self.associations)

    def child(self, name: str) -> Child:
        """The meter of a name that hands its data over to the device; ``ValueError`` where none is declared so."""
        for one in self.children:
            if one.name == name:
                return one
        raise ValueError(f"no meter {name} is declared under children")

    def event(self, role: str) -> Event | Absent | None:
        """The event of ``role``; None where the declaration does not mention it, ``ValueError`` for no such role."""
        if role not in EVENT_ROLES:
            raise ValueError(f"unknown event {role!r}; known are {listed(EVENT_ROLES)}")
        return self.events.declared.get(role)

    def require_event(self, role: str, *, clause: str) -> Event:
        """As ``require``, for an event."""
        found = self.event(role)
        if found is None:
            raise Inconclusive(f"the declaration does not mention events.{role}", missing="declaration")
        if isinstance(found, Absent):
            breached = EVENT_ROLES[role].breached(clause, self.identity)
            if breached is None:
                raise NotApplicable("the device logs no such event", item=f"events.{role}")
            raise NonConformity(
                clause=breached, expected=f"an event {role}", observed="declared absent", note="declared absent"
            )
        return found

    @property
    def probe(self) -> CosemObject:
        """The object that good exchanges read."""
        found = self.object(self.objects.probe)
        if not isinstance(found, CosemObject):
            wrong = f"is {self.objects.probe}, which is not declared"
            raise self.error([Problem(path=("objects", "probe"), wrong=wrong)])
        return found

    def object(self, role: str) -> CosemObject | Absent | None:
        """The object (of a list, the first) of ``role``; None where the declaration does not mention it."""
        found = self.objects_of(role)
        return found[0] if isinstance(found, tuple) else found

    def objects_of(self, role: str) -> tuple[CosemObject, ...] | Absent | None:
        """All objects of ``role``; ``ValueError`` for a role that does not exist."""
        if role not in ROLES:
            raise ValueError(f"unknown role {role!r}; known are {listed(ROLES)}")
        return self.objects.declared.get(role)

    def require(self, role: str, *, clause: str) -> CosemObject:
        """The object of ``role`` for judging ``clause``, or the outcome that its absence means.

        Declared absent: ``NonConformity`` of a clause that demands the role, ``NotApplicable`` where none does.
        Not mentioned: ``Inconclusive``.
        """
        return self.require_all(role, clause=clause)[0]

    def require_all(self, role: str, *, clause: str) -> tuple[CosemObject, ...]:
        """As ``require``, for all objects of a role that a list plays."""
        found = self.objects_of(role)
        if found is None:
            raise Inconclusive(f"the declaration does not mention objects.{role}", missing="declaration")
        if isinstance(found, Absent):
            breached = ROLES[role].demand.breached(clause, self.identity)
            if breached is not None:
                raise NonConformity(
                    clause=breached, expected=f"an object {role}", observed="declared absent", note="declared absent"
                )
            raise NotApplicable("the device has no such object", item=f"objects.{role}")
        return found

    def answers_of(self, condition: str, door: Door) -> tuple[str, ...] | None:
        """The answers chosen for ``condition`` on ``door``, or None where the catalogue's default holds."""
        return door.answers.get(condition, self.answers.get(condition))

    def silence_is_judged(self, stimulus: str, *, general_protection: bool = False) -> bool:
        """Whether only silence conforms for a wrongly ciphered request (C1 to C18), whatever the policy says."""
        return silence_is_due(stimulus, general_protection=general_protection)

    def answers_by_policy(self, stimulus: str, *, general_protection: bool = False) -> bool:
        """Whether the declared policy answers where silence is due: the finding ``declared deviation``."""
        return answered_by_policy(self.ciphering_error_policy, stimulus, general_protection=general_protection)

    def placeholder_ports(self) -> frozenset[str]:
        """The names of the ports that the run must choose."""
        texts = [door.url for door in self.doors]
        texts += [child.link.url for child in self.children if child.link is not None]
        texts += [device.own_door.url for device in self.gateway.devices if device.own_door is not None]
        commands = [word for command in self.bench.commands.values() for word in command]
        return port_names(
            [*texts, self.bench.control or "", *self.lab.device_command, *self.lab.power_cycle_command, *commands]
        )

    def with_placeholders(self, ports: Mapping[str, int], folder: str, python: str) -> "Declaration":
        """The same declaration with ports, temporary folder and Python in their places.

        ``ValueError`` when ``ports`` lacks one of ``placeholder_ports()``.
        """
        values = {f"port.{name}": str(port) for name, port in ports.items()}
        values |= {"folder": folder, "python": python}
        doors = tuple(door.model_copy(update={"url": filled(door.url, values)}) for door in self.doors)
        children = tuple(
            child
            if child.link is None
            else child.model_copy(
                update={"link": child.link.model_copy(update={"url": filled(child.link.url, values)})}
            )
            for child in self.children
        )
        devices = tuple(
            device
            if device.own_door is None
            else device.model_copy(
                update={"own_door": device.own_door.model_copy(update={"url": filled(device.own_door.url, values)})}
            )
            for device in self.gateway.devices
        )
        gateway = self.gateway.model_copy(update={"devices": devices})
        bench, lab = self.bench, self.lab
        if bench.control is not None:
            bench = bench.model_copy(update={"control": filled(bench.control, values)})
        commands = {
            name: tuple(filled(word, {**values, **_kept(name)}) for word in words)
            for name, words in bench.commands.items()
        }
        bench = bench.model_copy(update={"commands": commands})
        programs = {name: getattr(lab, name) for name in ("device_command", "power_cycle_command")}
        lab = lab.model_copy(
            update={name: tuple(filled(word, values) for word in words) for name, words in programs.items()}
        )
        return self.model_copy(
            update={"doors": doors, "children": children, "gateway": gateway, "bench": bench, "lab": lab}
        )


def _kept(command: str) -> dict[str, str]:
    """Placeholders that the bench fills later."""
    return {name: f"{{{name}}}" for name in COMMAND_VALUES.get(command, ())}


def _no_such(word: str, known: Mapping[str, object]) -> str:
    return f'has no "{word}"{suggestion(word, known)}'
