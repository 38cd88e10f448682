"""What a variant is, and the parts of declarations that variants have in common."""

from dataclasses import dataclass, field
from typing import Any

from reference_meter.model.configuration import Client, MeterConfiguration
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.store import SecuritySettings

__all__ = ["DEFAULT", "DeclaredVariant", "Variant", "associations", "doors", "security"]

DEFAULT = MeterConfiguration()
"""What variants differ from."""

_MECHANISMS = {0: "none", 1: "lls", 3: "hls-md5", 4: "hls-sha1", 5: "hls-gmac", 6: "hls-sha256", 7: "hls-ecdsa"}
_CONFORMANCE = ["GET", "SET", "ACTION", "SELECTIVE_ACCESS"]
_CONFORMANCE += ["BLOCK_GET", "BLOCK_SET", "BLOCK_ACTION", "MULTIPLE_REFERENCES"]
_GENERAL = ["GENERAL_PROTECTION"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredVariant:
    """One device that is right in another way, and what its declaration has to say of that."""

    name: str
    about: str
    declaration: dict[str, Any]
    """Merge patch over the declaration of the default device in the harness's own process."""
    exceptions: dict[str, str] = field(default_factory=dict)
    """Scenario id -> why it may end INCONCLUSIVE or NOT_APPLICABLE here."""

    @property
    def options(self) -> dict[str, str]:
        """The options that make this device."""
        return {"variant": self.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant(DeclaredVariant):
    """One meter that is right in another way."""

    configuration: MeterConfiguration


def doors(
    hdlc: dict[str, Any] | None = None, timing: dict[str, Any] | None = None, **more: Any
) -> list[dict[str, Any]]:
    """Both doors of the loop, with ``more`` keys; lists in a merge patch replace the whole list."""
    base: dict[str, Any] = {"url": "loop://reference", "connections": 4, "associations": 4, **more}
    if timing:
        base["timing"] = timing
    on_hdlc = {"hdlc": hdlc} if hdlc else {}
    return [
        {"id": "loop-wrapper", "protocol": "wrapper", **base},
        {"id": "loop-hdlc", "protocol": "hdlc", **base, **on_hdlc},
    ]


def associations(
    clients: tuple[Client, ...],
    *more_conformance: str,
    settings: SecuritySettings = TEST_SECURITY,
    general: bool = True,
) -> list[dict[str, Any]]:
    """The associations of these clients as a declaration has them; ``general`` ones propose general protection."""
    return [
        {
            "id": client.name,
            "role": "other" if client.pre_established else client.role,
            "client_sap": client.sap,
            "mechanism": _MECHANISMS[client.mechanism],
            "conformance": [*_CONFORMANCE, *more_conformance, *_GENERAL[: client.ciphered and general]],
            **({"secret": f"text:{client.secret.decode('ascii')}"} if client.secret else {}),
            **({"context": "ln-ciphered", "security": security(settings)} if client.ciphered else {}),
            **({"pre_established": True} if client.pre_established else {}),
            **({"user_id": client.user_id} if client.user_id is not None else {}),
        }
        for client in clients
    ]


def security(settings: SecuritySettings) -> dict[str, Any]:
    """The keys of a ciphered association as a declaration has them."""
    return {
        "suite": settings.suite,
        "policy": "authenticated-encrypted",
        "client_system_title": settings.client_system_title.hex(),
        "server_system_title": settings.system_title.hex(),
        "encryption_key": f"hex:{settings.keys.unicast.hex()}",
        "authentication_key": f"hex:{settings.keys.authentication.hex()}",
        "broadcast_key": f"hex:{settings.keys.broadcast.hex()}",
        "master_key": f"hex:{settings.keys.master.hex()}",
        "counter": "device",
    }
