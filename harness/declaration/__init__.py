"""The device's declaration: one TOML file that says what is judged and how it is reached."""

from harness.declaration.association import CONFORMANCE_DEFAULT, AssociationDeclaration, AssociationRole
from harness.declaration.audit import Audit, AuditedMethod, AuditedParameter, Collection
from harness.declaration.availability import (
    NEEDS,
    Availability,
    Available,
    DeniedBySource,
    Missing,
    NotOffered,
    availability,
)
from harness.declaration.bench import Bench, ConstantLoad, Lab
from harness.declaration.billing import Billing
from harness.declaration.child import Child, ChildKeyForms, ChildMethod
from harness.declaration.clock import Clock
from harness.declaration.consistency import CheckUrl, check_answers, check_ceilings
from harness.declaration.device import Declaration
from harness.declaration.door import Door, HdlcParameters, Timing
from harness.declaration.effect import EFFECTS, Effect, Effects
from harness.declaration.event import CONDITIONS, EVENT_ROLES, INTERACTIONS, REGISTRATIONS, Event, Log
from harness.declaration.function import Metering
from harness.declaration.gateway import Command, DeviceBehind, GatewayBehaviour
from harness.declaration.hardware_fault import HardwareFault
from harness.declaration.identity import GATEWAYS, METERS, Identity
from harness.declaration.load import load_declaration, merge_patch, parse_declaration, read_data
from harness.declaration.main_door import main_door
from harness.declaration.objects import Absent, CosemObject, Objects
from harness.declaration.privacy import Privacy
from harness.declaration.profile import Parameter, Profile, StatusBits
from harness.declaration.protection import Access, DeviceSecurity, LegallyRelevant, LockOut, Metrology, Robustness
from harness.declaration.redact import without_secrets
from harness.declaration.role import LOG_ROLES, MONITOR_LOG, ROLES, ObjectRole
from harness.declaration.secret import Secret
from harness.declaration.security import SecurityDeclaration
from harness.declaration.through import Through

__all__ = [
    "CONDITIONS",
    "CONFORMANCE_DEFAULT",
    "EFFECTS",
    "EVENT_ROLES",
    "GATEWAYS",
    "INTERACTIONS",
    "LOG_ROLES",
    "METERS",
    "MONITOR_LOG",
    "NEEDS",
    "REGISTRATIONS",
    "ROLES",
    "Absent",
    "Access",
    "AssociationDeclaration",
    "AssociationRole",
    "Audit",
    "AuditedMethod",
    "AuditedParameter",
    "Availability",
    "Available",
    "Bench",
    "Billing",
    "CheckUrl",
    "Child",
    "ChildKeyForms",
    "ChildMethod",
    "Clock",
    "Collection",
    "Command",
    "ConstantLoad",
    "CosemObject",
    "Declaration",
    "DeniedBySource",
    "DeviceBehind",
    "DeviceSecurity",
    "Door",
    "Effect",
    "Effects",
    "Event",
    "GatewayBehaviour",
    "HardwareFault",
    "HdlcParameters",
    "Identity",
    "Lab",
    "LegallyRelevant",
    "LockOut",
    "Log",
    "Metering",
    "Metrology",
    "Missing",
    "NotOffered",
    "ObjectRole",
    "Objects",
    "Parameter",
    "Privacy",
    "Profile",
    "Robustness",
    "Secret",
    "SecurityDeclaration",
    "StatusBits",
    "Through",
    "Timing",
    "availability",
    "check_answers",
    "check_ceilings",
    "load_declaration",
    "main_door",
    "merge_patch",
    "parse_declaration",
    "read_data",
    "without_secrets",
]
