"""An intruder who has the keys: requests that are ciphered wrongly in one way and rightly in every other.

Each recipe changes one thing, so that a device that does not look at just that serves the request. A counter is taken
from the association's own for every one of them and is spent; those that repeat one do it on purpose.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from harness.headend.client import Client
from harness.protocol import security
from harness.protocol.apdu.reader import push_octets
from harness.protocol.security import CipherKeys, Form
from harness.session.credentials import Credentials
from harness.session.protection_ciphered import CipheredProtection, Means
from harness.session.recall import recalled

__all__ = ["Envelope", "Intruder", "Recipe", "Sent", "inverted"]

_ANY_REQUEST: Final = 0xC0


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A ciphered APDU in its parts, each of which may be wrong."""

    tag: int
    octet: int
    """Security control octet."""
    counter: int
    text: bytes
    authenticator: bytes
    """The authentication tag, empty where there is none."""
    title: bytes | None = None
    """System title that travels along; in the general forms only."""
    length_error: int = 0
    """By how much the length field is wrong."""

    def to_bytes(self) -> bytes:
        """Encode it, as wrong as it is."""
        inner = bytes((self.octet,)) + self.counter.to_bytes(security.COUNTER_OCTETS, "big")
        inner += self.text + self.authenticator
        octets = push_octets(inner)
        length, content = octets[: len(octets) - len(inner)], inner
        if self.length_error:
            length = length[:-1] + bytes(((length[-1] + self.length_error) % 0x100,))
        head = b"" if self.title is None else push_octets(self.title)
        return bytes((self.tag,)) + head + length + content


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One way to cipher wrongly."""

    about: str
    stimulus: str
    """C1 to C18, as the declaration's policy tells them apart."""
    make: Callable[["Intruder", bytes], Envelope]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request as it was meant and as it went out."""

    plain: bytes
    octets: bytes

    def again(self, apdu: bytes) -> bytes:
        """Stand in the place of a protection: whatever is to be sent, it is this once more."""
        return self.octets


class Intruder:
    """Ciphers wrongly what the client of one association would cipher rightly."""

    def __init__(
        self, protection: CipheredProtection, credentials: Credentials, *, broadcast_key: bytes | None = None
    ) -> None:
        """``protection`` is that of the association, from which counters are taken."""
        self._protection = protection
        self._credentials = credentials
        self.broadcast_key = broadcast_key
        self.sent: list[Sent] = []
        """The well ciphered requests that ``rightly`` has made, the last one last."""

    @classmethod
    def of(cls, client: Client) -> "Intruder":
        """Return who attacks with the keys of an associated client; ``ValueError`` where it is not ciphered."""
        protection = client.conversation.protection
        agreed = client.declared.security
        if not isinstance(protection, CipheredProtection) or agreed is None:
            raise ValueError(f"client {client.declared.id} is not ciphered")
        key = agreed.broadcast_key
        broadcast_key = key.reveal() if key is not None else None
        return cls(protection, client.association.credentials, broadcast_key=broadcast_key)

    @contextmanager
    def content_with(self, dropped: int) -> Iterator[None]:
        """Take answers that lack these bits of the control octet, as an answer to a request that lacks them may."""
        due = self._protection.demanded
        lower = security.SecurityControl.from_octet(due.to_octet() & ~dropped)
        self._protection.demanded = lower
        try:
            yield
        finally:
            self._protection.demanded = due

    def rightly(self, apdu: bytes) -> bytes:
        """Cipher as the association does, and keep the octets for a replay."""
        octets = self._protection.protect(apdu)
        self.sent.append(Sent(plain=apdu, octets=octets))
        return octets

    @property
    def last_counter(self) -> int:
        """The counter of the last request that ``rightly`` has made."""
        return security.Ciphered.from_bytes(self.sent[-1].octets).counter

    def wrongly(self, recipe: Recipe) -> Callable[[bytes], bytes]:
        """Return what takes the place of the association's protection."""

        def protect(apdu: bytes) -> bytes:
            return recalled(self._credentials.recall, "wrongly protected", lambda: recipe.make(self, apdu).to_bytes())

        return protect

    def with_counter(self, counter: int) -> Callable[[bytes], bytes]:
        """Return a protection that is right in all but its counter."""
        recipe = Recipe(about="its counter", stimulus="C11", make=lambda one, apdu: one.sealed(apdu, counter=counter))
        return self.wrongly(recipe)

    def foreign(self, counter: int) -> Callable[[bytes], bytes]:
        """Return a protection with a counter of its own by somebody who has not the keys: no number is used up."""

        def make(intruder: Intruder, apdu: bytes) -> Envelope:
            keys = intruder.keys_of(apdu)
            others = replace(keys, encryption=inverted(keys.encryption))
            return intruder.sealed(apdu, keys=others, counter=counter)

        return self.wrongly(Recipe(about="somebody else's key", stimulus="C3", make=make))

    def spend(self) -> int:
        """Take a counter without using it."""
        return self._means(_ANY_REQUEST).counter()

    def go_on_above(self, counter: int) -> None:
        """Have the association's next counter above one that the device has accepted."""
        self._credentials.go_on_above(counter)

    def _means(self, tag: int) -> Means:
        return self._protection.means(tag)

    def control_of(self, apdu: bytes) -> int:
        """Return the right security control octet for a request."""
        return self._means(apdu[0]).control.to_octet()

    def keys_of(self, apdu: bytes) -> CipherKeys:
        """Return the right keys for a request."""
        return self._means(apdu[0]).keys

    def sealed(
        self,
        apdu: bytes,
        *,
        octet: int | None = None,
        keys: CipherKeys | None = None,
        title: bytes | None = None,
        counter: int | None = None,
        form: Form | None = None,
        named: bytes | None = None,
    ) -> Envelope:
        """Seal a request as the association does, apart from what is given.

        ``title`` goes into the nonce and, in the general forms, travels along unless ``named`` stands for it.
        """
        means = self._means(apdu[0])
        form = form or means.form
        octet = means.control.to_octet() if octet is None else octet
        counter = means.counter() if counter is None else counter
        title = title or means.client_title
        content = security.seal_as(apdu, octet=octet, keys=keys or means.keys, system_title=title, counter=counter)
        cut = len(content) - (security.TAG_OCTETS if octet & security.AUTHENTICATED else 0)
        tag = security.ciphered_tag(apdu[0], form)
        if tag is None:
            raise ValueError(f"{apdu[0]:02X} has no form {form}")
        return Envelope(
            tag=tag,
            octet=octet,
            counter=counter,
            text=content[:cut],
            authenticator=content[cut:],
            title=(named if named is not None else title) if form.general else None,
        )

    def general_form(self, apdu: bytes) -> Form:
        """Return the general form under the keys that are in use."""
        return Form.GENERAL_DED if self._means(apdu[0]).form.dedicated else Form.GENERAL_GLO

    def other_title(self) -> bytes:
        """Return a system title that is neither the client's nor the device's."""
        own = self._protection.client_title
        return own[:-1] + bytes((own[-1] ^ 0xA5,))


def inverted(octets: bytes) -> bytes:
    """Return the octets with every bit turned over."""
    return bytes(octet ^ 0xFF for octet in octets)
