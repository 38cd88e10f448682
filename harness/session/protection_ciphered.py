"""Protection of a ciphered association: with the global keys, and with the dedicated key once there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from harness.errors import ProtocolViolation
from harness.protocol import acse, security
from harness.protocol import apdu as xdlms
from harness.protocol.security import Ciphered, CipherKeys, Form, SecurityControl
from harness.session.recall import Recall, produced, recalled

__all__ = ["CipheredProtection", "Means"]

_ACSE: Final = frozenset({acse.AARQ_TAG, acse.AARE_TAG, acse.RLRQ_TAG, acse.RLRE_TAG})
_INITIATE: Final = frozenset({xdlms.INITIATE_REQUEST_TAG, xdlms.INITIATE_RESPONSE_TAG})
# What a device sends of its own accord belongs to no association that a dedicated key was agreed for.
_GLOBAL_TOO: Final = _INITIATE | {xdlms.DATA_NOTIFICATION_TAG, xdlms.EVENT_NOTIFICATION_TAG}
_FIRST_DEDICATED: Final = 1
# tag, length field of up to three octets, security control, counter and authentication tag
_OVERHEAD_OCTETS: Final = 1 + 3 + 1 + security.COUNTER_OCTETS + security.TAG_OCTETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What one request is protected with."""

    form: Form
    control: SecurityControl
    keys: CipherKeys
    client_title: bytes
    counter: Callable[[], int]
    """Gives the next invocation counter under these keys; none is given twice."""


class CipheredProtection:
    """Protects requests as ``control`` says and demands at least the same of answers.

    ACSE APDUs pass as they are, since only their content is protected; so do exception responses, which have no
    ciphered form. Every other unprotected answer is ``Underprotected``. Counters of the device must rise by key.
    """

    def __init__(
        self,
        *,
        control: SecurityControl,
        keys: CipherKeys,
        client_title: bytes,
        server_title: bytes | None,
        counter: Callable[[], int],
        general: bool = False,
        recall: Recall = produced,
        key_name: str = "",
    ) -> None:
        """``counter`` gives the next invocation counter under the global key; ``general`` chooses the general forms."""
        self._recall = recall
        self.key_name = key_name
        self.overhead_octets = _OVERHEAD_OCTETS + (1 + security.TITLE_OCTETS if general else 0)
        self.client_title = client_title
        self._server_title = server_title
        self._control = control
        self.demanded = control
        """What answers must have at least; lower only where a request asks for less on purpose."""
        self._global = keys
        self._dedicated: CipherKeys | None = None
        self._counter = counter
        self._dedicated_counter = _FIRST_DEDICATED
        self._general = general
        self._last_heard: dict[bool, tuple[int, bytes]] = {}
        self._successor: tuple[CipherKeys, str] | None = None

    def may_change_to(self, keys: CipherKeys, key_name: str) -> None:
        """Take answers under these global keys too: a device may answer a key transfer under what it has just got."""
        self._successor = keys, key_name

    def meet(self, server_title: bytes | None) -> None:
        """Take the system title that the device gives; raises ``ProtocolViolation`` for another than declared."""
        if server_title is None:
            return
        if len(server_title) != security.TITLE_OCTETS:
            raise ProtocolViolation(f"a system title of {len(server_title)} octets")
        if self._server_title not in (None, server_title):
            raise security.ProtectionMismatch(
                f"the device has system title {server_title.hex()}, which is not declared"
            )
        self._server_title = server_title

    @property
    def server_title(self) -> bytes:
        """The system title of the device; raises ``ProtocolViolation`` where it is neither declared nor said."""
        if self._server_title is None:
            raise ProtocolViolation("the device gives no system title, and none is declared")
        return self._server_title

    def use_dedicated(self, key: bytes) -> None:
        """Protect with this key from now on; its counters begin anew."""
        self._dedicated = CipherKeys(encryption=key, authentication=self._global.authentication)

    def protect(self, apdu: bytes) -> bytes:
        """Return the protected APDU; what no ciphered form is defined for goes in a general one."""
        if not apdu or apdu[0] in _ACSE:
            return apdu
        return recalled(self._recall, "protected", lambda: self._protected(apdu))

    def means(self, tag: int) -> Means:
        """Return what an APDU that begins with ``tag`` is protected with."""
        dedicated = None if tag in _INITIATE else self._dedicated
        return Means(
            form=self._form(tag, dedicated=dedicated is not None),
            control=self._control,
            keys=dedicated or self._global,
            client_title=self.client_title,
            counter=self._counter if dedicated is None else self._next_dedicated,
        )

    def _protected(self, apdu: bytes) -> bytes:
        dedicated = None if apdu[0] in _INITIATE else self._dedicated
        return security.protect(
            apdu,
            form=self._form(apdu[0], dedicated=dedicated is not None),
            control=self._control,
            keys=dedicated or self._global,
            system_title=self.client_title,
            counter=self._counter() if dedicated is None else self._next_dedicated(),
        )

    def _form(self, tag: int, *, dedicated: bool) -> Form:
        specific, general = (Form.DED, Form.GENERAL_DED) if dedicated else (Form.GLO, Form.GENERAL_GLO)
        if tag in _INITIATE:
            return specific
        return general if self._general or security.ciphered_tag(tag, specific) is None else specific

    def _next_dedicated(self) -> int:
        number = self._dedicated_counter
        self._dedicated_counter += 1
        return number

    def unprotect(self, octets: bytes) -> bytes:
        """Return the plain APDU; raises ``DecodeError``, ``BadTag``, ``Underprotected`` and their like."""
        if not octets or octets[0] in _ACSE or octets[0] == xdlms.EXCEPTION_RESPONSE_TAG:
            return octets
        if not self._is_protected(octets):
            raise security.Underprotected(f"{xdlms.tag_name(octets[0])} without protection", octets)
        try:
            return recalled(self._recall, "unprotected", lambda: self._unprotected(octets))
        except security.BadTag:
            if self._successor is None:
                raise
            keys, self.key_name = self._successor
        return recalled(
            self._recall,
            "unprotected",
            lambda: security.unprotect(octets, demanded=self.demanded, keys=keys, system_title=self.server_title),
        )

    def _is_protected(self, octets: bytes) -> bool:
        return security.is_ciphered(octets)

    def _unprotected(self, octets: bytes) -> bytes:
        if self._dedicated is None:
            usual = security.open_usual(
                octets, demanded=self.demanded, keys=self._global, system_title=self.server_title
            )
            if usual is not None:
                self._check_rising(usual[0], octets, dedicated=False)
                return usual[1]
        ciphered = Ciphered.from_bytes(octets)
        keys = self._keys_of(ciphered)
        plain = ciphered.open_as(self.demanded, keys=keys, system_title=self.server_title)
        if self._dedicated and not ciphered.form.dedicated and plain[:1] and plain[0] not in _GLOBAL_TOO:
            raise security.ProtectionMismatch(f"{ciphered.describe()} where the dedicated key is due")
        self._check_rising(ciphered.counter, octets, dedicated=ciphered.form.dedicated)
        return plain

    def _keys_of(self, ciphered: Ciphered) -> CipherKeys:
        if not ciphered.form.dedicated:
            return self._global
        if self._dedicated is None:
            raise security.ProtectionMismatch(f"{ciphered.describe()} where no dedicated key is agreed")
        return self._dedicated

    def _check_rising(self, counter: int, octets: bytes, *, dedicated: bool) -> None:
        """Raise where a counter does not rise; the very same octets again are a repetition on the line."""
        last, heard = self._last_heard.get(dedicated, (-1, b""))
        if counter <= last and octets != heard:
            raise security.CounterNotRising(f"invocation counter {counter} after {last}")
        self._last_heard[dedicated] = (counter, octets)
