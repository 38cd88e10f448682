"""Associations that stand without having been opened: their clients say what is to be done and get no answers."""

from collections.abc import Callable

from reference_meter.codec import conformance as bits
from reference_meter.server.association import Association, SessionKey
from reference_meter.server.ciphered_protection import CipheredProtection
from reference_meter.server.model_port import CosemModel
from reference_meter.server.protection import PlainProtection, Protection
from reference_meter.server.settings import LinkSettings

__all__ = ["StandingAssociations"]

_SERVICES = bits.SET | bits.ACTION | bits.MULTIPLE_REFERENCES | bits.GENERAL_PROTECTION


class StandingAssociations:
    """Those that have been used, by session; ``watch`` is called with the protection of each."""

    def __init__(
        self, model: CosemModel, settings: LinkSettings, watch: Callable[[SessionKey, Protection], None]
    ) -> None:
        self.model = model
        self.settings = settings
        self.watch = watch
        self.used: dict[SessionKey, Association] = {}

    def find(self, key: SessionKey) -> Association | None:
        """Give the association of a client that needs not open one, ``None`` for other clients."""
        if key in self.used:
            return self.used[key]
        profile = self.model.client(key.client)
        if profile is None or not profile.pre_established:
            return None
        protection: Protection = PlainProtection()
        if profile.ciphered and profile.security is not None:
            # Towards the meter such a client uses the broadcast key, even where it speaks to one meter.
            protection = CipheredProtection(profile.security, profile.security.client_title, broadcast=True)
            protection.general = bool(profile.conformance & bits.GENERAL_PROTECTION)
        self.watch(key, protection)
        limit = profile.max_receive_pdu_size or self.settings.server_max_receive_pdu_size
        self.used[key] = Association(
            key=key,
            conformance=profile.conformance & self.settings.conformance & _SERVICES,
            send_limit=limit,
            receive_limit=limit,
            mechanism=profile.mechanism,
            protection=protection,
            standing=True,
        )
        return self.used[key]

    def close_link(self, link_id: int) -> None:
        """Forget those of a link."""
        for key in [key for key in self.used if key.link_id == link_id]:
            del self.used[key]
