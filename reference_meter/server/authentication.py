"""High level authentication of an association: the third pass is judged, the fourth answered."""

import secrets

from reference_meter.codec.acse import Aarq
from reference_meter.security import hls
from reference_meter.security.ciphering import AUTHENTICATION, Header, Undecipherable
from reference_meter.security.hls import Dialogue
from reference_meter.security.store import SecurityStore
from reference_meter.server.model_port import ClientProfile

__all__ = [
    "CURRENT_ASSOCIATION",
    "PASS_3_METHOD",
    "Authentication",
    "begin_authentication",
    "is_challenge",
    "make_challenge",
]

CURRENT_ASSOCIATION = bytes.fromhex("0000280000FF")
"""Class 15 object of the association in which it is read."""
PASS_3_METHOD = 1

_CHALLENGE_OCTETS = 16


def is_challenge(octets: bytes | None) -> bool:
    """Tell whether these octets may be a challenge."""
    return len(octets or b"") in hls.CHALLENGE_OCTETS


def begin_authentication(profile: ClientProfile, aarq: Aarq, challenge: bytes) -> "Authentication":
    """Begin with what the client has sent; ``challenge`` is the server's."""
    dialogue = Dialogue(
        own_title=b"" if profile.security is None else profile.security.server_title,
        other_title=aarq.calling_ap_title or b"",
        own_challenge=challenge,
        other_challenge=aarq.calling_value or b"",
        secret=profile.secret,
    )
    return Authentication(profile.mechanism, dialogue, profile.security)


def make_challenge() -> bytes:
    """Give a challenge that nobody can foresee."""
    return secrets.token_bytes(_CHALLENGE_OCTETS)


class Authentication:
    """One attempt, from the challenges to the client's reply.

    ``dialogue`` is the server's view; ``store`` is needed by mechanisms 5 and 7 only.
    """

    def __init__(self, mechanism: int, dialogue: Dialogue, store: SecurityStore | None) -> None:
        self.mechanism = mechanism
        self.dialogue = dialogue
        self.store = store
        # Replies of mechanism 5 use up a counter of the global key, but one taken before that of the APDU around them.
        self.counter_floor = -1 if store is None else self._last_received(store)

    def finish(self, reply: bytes) -> bytes | None:
        """Judge the client's reply and give the server's; ``None`` when the client has failed."""
        try:
            return self._finish(reply)
        except Undecipherable:
            return None

    def _finish(self, reply: bytes) -> bytes:
        if self.mechanism == hls.GMAC:
            return self._finish_gmac(reply, self._store())
        if self.mechanism == hls.ECDSA:
            store = self._store()
            hls.check_signature(reply, self.dialogue.turned().octets, store.suite, store.settings.client_public_key)
            return hls.sign(self.dialogue.octets, store.suite, store.settings.signing_key)
        if not hls.is_equal(reply, hls.digest_reply(self.mechanism, self.dialogue.turned())):
            raise Undecipherable("the digest is another one")
        return hls.digest_reply(self.mechanism, self.dialogue)

    def _finish_gmac(self, reply: bytes, store: SecurityStore) -> bytes:
        keys, title = store.cipher_keys, self.dialogue.other_title
        counter = hls.check_gmac(reply, self.dialogue.own_challenge, store.suite, title, keys)
        if counter <= self.counter_floor or counter == self._last_received(store):
            raise Undecipherable("the invocation counter has been used")
        store.counters.accept(keys.encryption, title, counter)
        header = Header(
            control=AUTHENTICATION | store.suite,
            title=self.dialogue.own_title,
            counter=store.counters.next_sent(keys.encryption),
        )
        return hls.gmac_reply(self.dialogue.other_challenge, header, keys)

    def _last_received(self, store: SecurityStore) -> int:
        return store.counters.last_received(store.keys.unicast, self.dialogue.other_title)

    def _store(self) -> SecurityStore:
        if self.store is None:
            raise ValueError(f"mechanism {self.mechanism} needs keys")
        return self.store
