"""What scenarios need of ciphering, authentication, events, seal and metrology."""

from collections.abc import Callable, Mapping
from functools import partial

from harness.declaration.association import AssociationDeclaration, AssociationRole
from harness.declaration.device import Declaration
from harness.declaration.door import Door
from harness.declaration.event import EVENT_ROLES
from harness.declaration.objects import Absent
from harness.declaration.offer import Availability, Available, Denied, NotOffered, Rule, unmentioned
from harness.declaration.role import Demand

__all__ = ["SECURITY_NEEDS"]

_SEAL = Demand(by=("TR-Conf.02c",), clause="TR-Conf.02c")
_Test = Callable[[AssociationDeclaration], bool]


def _client(what: str, test: _Test, count: int, declaration: Declaration, door: Door) -> Availability:
    """Whether there are ``count`` clients of a kind at the door."""
    found = [one for one in declaration.associations if test(one)]
    if sum(one.fits(door.id) for one in found) >= count:
        return Available()
    if len(found) >= count:
        return NotOffered(item="associations.doors", reason=f"door {door.id} does not take {what}")
    return unmentioned(what)


def _option(what: str, test: _Test, count: int, declaration: Declaration, door: Door) -> Availability:
    """As ``_client`` for what the source leaves open: the list of associations says that it is not there."""
    if sum(test(one) for one in declaration.associations) < count:
        return NotOffered(item="associations", reason=f"the device does not offer {what}")
    return _client(what, test, count, declaration, door)


def _ciphered(one: AssociationDeclaration) -> bool:
    return one.ciphered and not one.pre_established


def _general_protection(one: AssociationDeclaration) -> bool:
    return _ciphered(one) and "GENERAL_PROTECTION" in one.conformance


def _of_role(role: AssociationRole, test: _Test, one: AssociationDeclaration) -> bool:
    return one.role == role and test(one)


def _hls(one: AssociationDeclaration) -> bool:
    return one.mechanism_id > 1 and not one.pre_established


def _lls(one: AssociationDeclaration) -> bool:
    return one.mechanism == "lls" and not one.pre_established


def _user_identification(declaration: Declaration, door: Door) -> Availability:
    """Whether a client of the door names its user; a device need not tell users apart."""
    if any(one.user_id is not None and one.fits(door.id) for one in declaration.associations):
        return Available()
    return NotOffered(item="associations.user_id", reason="no client of this door names its user")


def _master_key(one: AssociationDeclaration) -> bool:
    return _ciphered(one) and one.security is not None and one.security.master_key is not None


def _event(role: str, declaration: Declaration, door: Door) -> Availability | Denied:
    found = declaration.event(role)
    if found is None:
        return unmentioned(f"events.{role}")
    if isinstance(found, Absent):
        return Denied(item=f"events.{role}", reason="declared absent", demand=EVENT_ROLES[role])
    if found.log and not isinstance(declaration.objects_of(found.log), tuple):
        return unmentioned(f"objects.{found.log}")
    return Available()


def _seal(declaration: Declaration, door: Door) -> Availability | Denied:
    if declaration.access.seal is None:
        return unmentioned("access.seal")
    if not declaration.access.seal:
        return Denied(item="access.seal", reason="declared without a sealed switch", demand=_SEAL)
    return Available()


def _sealed_parameter(declaration: Declaration, door: Door) -> Availability | Denied:
    of_seal = _seal(declaration, door)
    if isinstance(of_seal, Available) and not declaration.access.sealed:
        return unmentioned("access.sealed")
    return of_seal


def _lock_out(declaration: Declaration, door: Door) -> Availability:
    if declaration.security.lock_out is None:
        return NotOffered(item="security.lock_out", reason="the device locks nobody out")
    return Available()


def _counter_jump_limit(declaration: Declaration, door: Door) -> Availability:
    if declaration.security.counter_jump_limit is None:
        return NotOffered(item="security.counter_jump_limit", reason="the device accepts any step of the counter")
    return Available()


def _legally_relevant(declaration: Declaration, door: Door) -> Availability:
    if not declaration.metrology.legally_relevant:
        return unmentioned("metrology.legally_relevant")
    return Available()


def _hdlc_parameters(declaration: Declaration, door: Door) -> Availability:
    if door.protocol != "hdlc":
        return NotOffered(item="doors.protocol", reason=f"door {door.id} speaks {door.protocol}")
    return Available()


def _finest_period(declaration: Declaration, door: Door) -> Availability:
    if declaration.privacy.finest_period_s is None:
        return unmentioned("privacy.finest_period_s")
    return Available()


def _clients(what: str, test: _Test, count: int = 1) -> Rule:
    return partial(_client, what, test, count)


def _options(what: str, test: _Test, count: int = 1) -> Rule:
    return partial(_option, what, test, count)


SECURITY_NEEDS: Mapping[str, Rule] = {
    "ciphered_association": _clients("a ciphered association", _ciphered),
    "second_ciphered_association": _options("a second ciphered association", _ciphered, 2),
    "ciphered_management": _clients("a ciphered management association", partial(_of_role, "management", _ciphered)),
    "general_protection": _options("a ciphered association with GENERAL_PROTECTION", _general_protection),
    "hls_association": _options("an association with high level security", _hls),
    "lls_association": _options("an association with a password", _lls),
    "user_identification": _user_identification,
    "management_key": _clients(
        "a ciphered management association with master_key", partial(_of_role, "management", _master_key)
    ),
    **{f"event_{role}": partial(_event, role) for role in EVENT_ROLES},
    "seal": _seal,
    "sealed_parameter": _sealed_parameter,
    "lock_out": _lock_out,
    "counter_jump_limit": _counter_jump_limit,
    "legally_relevant": _legally_relevant,
    "hdlc_parameters": _hdlc_parameters,
    "finest_period": _finest_period,
}
"""Item -> rule; a new item is one more row."""
