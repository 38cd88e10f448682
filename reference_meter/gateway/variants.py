"""Gateways that are right in another way, and what a declaration has to say of them."""

from dataclasses import dataclass, field
from typing import Any

from reference_meter.gateway.settings import GatewaySettings

__all__ = ["VARIANTS", "GatewayVariant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayVariant:
    """One gateway that is right in another way."""

    name: str
    about: str
    settings: GatewaySettings
    declaration: dict[str, Any]
    """Merge patch over the declaration of the default gateway in the harness's own process."""
    exceptions: dict[str, str] = field(default_factory=dict)
    """Scenario id -> why it may end INCONCLUSIVE or NOT_APPLICABLE here."""

    @property
    def options(self) -> dict[str, str]:
        """The options that make this gateway."""
        return {"variant": self.name}


VARIANTS: dict[str, GatewayVariant] = {}
