"""The protection of a ciphered association: what comes in is proved, what goes out is sealed.

A request is taken when suite, key, tag and title are right and its invocation counter is higher than every one
accepted before of this key and originator. A counter is entered only after the tag has proved to be right, so that
nobody without the keys can move it. What is protected less than the policy demands is authentic or not, but never
served: ``InsufficientProtection`` hands it over for an answer that says so.
"""

from collections.abc import Callable

from reference_meter.codec.octets import Malformed
from reference_meter.codec.response import EXCEPTION_RESPONSE, ExceptionResponse
from reference_meter.security.ciphering import (
    AUTHENTICATION,
    BROADCAST,
    KEY_OCTETS,
    PROTECTION,
    TAG_OCTETS,
    CipherKeys,
    Header,
    Undecipherable,
    seal,
    unseal,
)
from reference_meter.security.general_apdu import GENERAL_SIGNING
from reference_meter.security.protected_apdu import (
    DEDICATED_OF_PLAIN,
    GENERAL_DEDICATED,
    GENERAL_GLOBAL,
    GLOBAL_OF_PLAIN,
    PLAIN_OF_DEDICATED,
    PLAIN_OF_GLOBAL,
    ProtectedApdu,
    decode_protected,
    encode_protected,
    is_protected,
)
from reference_meter.security.store import LAST_COUNTER, Counters, SecurityStore
from reference_meter.server.end_to_end import END_TO_END, EndToEnd, EndToEndReply, OpenedMessage
from reference_meter.server.protected_reply import CipherKey, ProtectedReply
from reference_meter.server.protection_faults import DECIPHERING_ERROR, Fault, InsufficientProtection, RequestRefused

__all__ = ["DECIPHERING_ERROR", "CipherKey", "CipheredProtection", "Fault", "InsufficientProtection", "RequestRefused"]

_COUNTER_ERROR = 6
_INITIATE_REQUEST = b"\x01"
_MALFORMED = ExceptionResponse(state_error=2, service_error=3)

# Tag, length, control octet, counter; a general APDU also has length and system title.
_OVERHEAD_OCTETS = 1 + 3 + 1 + 4 + TAG_OCTETS
_TITLE_OCTETS = 1 + 8


class CipheredProtection:
    """Protects the APDUs between the meter and one client; with ``broadcast`` what comes in has the broadcast key."""

    def __init__(self, store: SecurityStore, client_title: bytes, *, broadcast: bool = False) -> None:
        self.store = store
        self.client_title = client_title
        self.broadcast = broadcast
        self.on_fault: Callable[[Fault], None] = lambda fault: None
        """Told of each fault that only somebody without the keys, or with an old message, can make."""
        self.dedicated_key: bytes | None = None
        # A dedicated key ends with its association, and so do its counters.
        self.dedicated_counters = Counters()
        self.end_to_end = EndToEnd(store, client_title)
        self.general = False
        """General protection was negotiated."""
        self._reply: ProtectedReply | None = None

    def agree(self, dedicated_key: bytes | None, general: bool) -> None:
        """Take over what the association was opened with."""
        self.general = general
        self.store.client_title = self.client_title
        self.dedicated_key = dedicated_key

    def of_broadcasts(self) -> "CipheredProtection":
        """Give the protection of what the same client sends to all meters at once."""
        protection = CipheredProtection(self.store, self.client_title, broadcast=True)
        protection.general, protection.on_fault = self.general, self.on_fault
        return protection

    def takes_dedicated_key(self, dedicated_key: bytes | None) -> bool:
        """Tell whether a proposed dedicated key fits the suite."""
        return dedicated_key is None or len(dedicated_key) == KEY_OCTETS[self.store.suite]

    @property
    def overhead_octets(self) -> int:
        """How much longer the answer at hand may become."""
        reply = self._reply or self._by_policy()
        octets = self.end_to_end.overhead_octets(reply.end_to_end, signed=reply.signed)
        if reply.end_to_end is not None and reply.end_to_end.is_ciphered:
            return octets
        return octets + _OVERHEAD_OCTETS + (_TITLE_OCTETS if reply.general else 0)

    def protect(self, apdu: bytes) -> bytes:
        """Give the APDU in the form of the request at hand, or as the policy demands when nobody asked."""
        reply = self._reply or self._by_policy()
        self._reply = None
        end_to_end = reply.end_to_end or EndToEndReply()
        if end_to_end.is_ciphered:
            # A request that was ciphered in this way is answered so, exceptions included.
            sealed = self.end_to_end.cipher(apdu, end_to_end, reply.protection)
        else:
            sealed = self._seal(apdu, reply)
        return self.end_to_end.sign(sealed, end_to_end.transaction) if reply.signed else sealed

    def _seal(self, apdu: bytes, reply: ProtectedReply) -> bytes:
        """Protect with the global or the dedicated key."""
        # There is no service specific form of an exception.
        if not reply.protection or (apdu[0] == EXCEPTION_RESPONSE and not reply.general):
            return apdu
        key = self._global_key() if self.store.settings.new_keys_at_once and not reply.dedicated else reply.key
        tags = DEDICATED_OF_PLAIN if reply.dedicated else GLOBAL_OF_PLAIN
        general = reply.general or apdu[0] not in tags
        tag = (GENERAL_DEDICATED if reply.dedicated else GENERAL_GLOBAL) if general else tags[apdu[0]]
        control = reply.protection | self.store.suite
        counter = key.counters.next_sent(key.keys.encryption)
        header = Header(control=control, title=self.store.server_title, counter=counter)
        body = seal(apdu, header, key.keys)
        title = header.title if general else None
        return encode_protected(ProtectedApdu(tag=tag, control=control, counter=counter, body=body, title=title))

    def unprotect(self, apdu: bytes) -> bytes | None:
        """Give the plain APDU, ``None`` for what is discarded; see the module for what is raised."""
        self._reply = None
        try:
            if apdu[0] in END_TO_END:
                return self._unprotect_end_to_end(apdu)
            if is_protected(apdu):
                return self._unprotect_service(apdu)
        except Malformed:
            self.refuse()
            return None
        except Undecipherable:
            self.on_fault(Fault.UNDECIPHERABLE)
            self.refuse()
            return None
        if self.store.demanded_of_requests() or self.store.demands_signed_requests():
            raise InsufficientProtection(apdu, self.store.settings.insufficient_result)
        self._reply = self._by_policy()
        return apdu

    def _unprotect_service(self, apdu: bytes, outside: EndToEndReply | None = None) -> bytes | None:
        """Open a request under the global or the dedicated key; ``outside`` is the signature around it."""
        message = decode_protected(apdu)
        key = self.key_of(message)
        plain = self.open(message, key)
        self._check_content(message, plain)
        if not self._is_new(message, key):
            return None
        protection = message.control & PROTECTION
        self._reply = ProtectedReply(
            key=self._global_key() if self.broadcast else key,
            protection=self.store.demanded_of_responses() | protection,
            dedicated=message.dedicated,
            general=message.title is not None,
            signed=outside is not None or self._signs(plain),
            end_to_end=outside,
        )
        return self._sufficient(plain, protection, signed=outside is not None)

    def _unprotect_end_to_end(self, apdu: bytes) -> bytes | None:
        """Open a request that is signed, ciphered from end to end, or both; see the module for its freshness."""
        if not self.general or self.broadcast:
            raise Undecipherable("general protection was not negotiated")
        signed = apdu[0] == GENERAL_SIGNING
        message = self.end_to_end.open_signed(apdu) if signed else self.end_to_end.open_ciphered(apdu)
        if signed and is_protected(message.plain):
            return self._unprotect_service(message.plain, message.reply)
        if signed and message.plain[0] in END_TO_END:
            # One signature is enough: what it surrounds has to be ciphered, anything else does not decode.
            message = self.end_to_end.open_ciphered(message.plain)
        if not self._is_risen(message, vouched=signed or bool(message.protection & AUTHENTICATION)):
            return None
        self._reply = ProtectedReply(
            key=self._global_key(),
            protection=self.store.demanded_of_responses() | message.protection,
            general=True,
            signed=signed or self.store.demands_signed_responses(),
            end_to_end=message.reply,
        )
        return self._sufficient(message.plain, message.protection, signed=signed)

    def _by_policy(self) -> ProtectedReply:
        return ProtectedReply(
            key=self._global_key(),
            protection=self.store.demanded_of_responses(),
            signed=self.store.demands_signed_responses(),
        )

    def _signs(self, plain: bytes) -> bool:
        """Tell whether the policy wants the answer signed; association requests never are, so nor are their answers."""
        return self.store.demands_signed_responses() and plain[:1] != _INITIATE_REQUEST

    def _global_key(self) -> CipherKey:
        return CipherKey(keys=self.store.cipher_keys, counters=self.store.counters)

    def _broadcast_key(self) -> CipherKey:
        keys = CipherKeys(encryption=self.store.keys.broadcast, authentication=self.store.keys.authentication)
        return CipherKey(keys=keys, counters=self.store.counters)

    def _dedicated(self) -> CipherKey:
        if self.dedicated_key is None or self.broadcast:
            raise Undecipherable("there is no dedicated key")
        keys = CipherKeys(encryption=self.dedicated_key, authentication=self.store.keys.authentication)
        return CipherKey(keys=keys, counters=self.dedicated_counters)

    def key_of(self, message: ProtectedApdu) -> CipherKey:
        """Find the key that a message has to be opened with."""
        # Beside the bits of protection only the suite in force may be there, and the key set of the association:
        # broadcast keys are not for requests to one meter, and nothing is compressed.
        if message.control & ~PROTECTION != self.store.suite | (BROADCAST if self.broadcast else 0):
            raise Undecipherable(f"security control {message.control:#04x}")
        if message.title is not None and (not self.general or message.title != self.client_title):
            raise Undecipherable("a general APDU that was not negotiated or is of somebody else")
        if message.dedicated:
            key = self._dedicated()
        else:
            key = self._broadcast_key() if self.broadcast else self._global_key()
        if key.counters.used_up(key.keys.encryption):
            raise Undecipherable("no answer could be protected any more")
        return key

    def open(self, message: ProtectedApdu, key: CipherKey) -> bytes:
        """Give the plain text of a message; ``Undecipherable`` where its tag does not fit."""
        header = Header(control=message.control, title=self.client_title, counter=message.counter)
        return unseal(message.body, header, key.keys)

    def is_fresh(self, message: ProtectedApdu, key: CipherKey) -> bool:
        """Tell whether the counter of a message is higher than every one accepted before."""
        return message.counter > key.counters.last_received(key.keys.encryption, self.client_title)

    def is_within_reach(self, message: ProtectedApdu, key: CipherKey) -> bool:
        """Tell whether the counter of a message is not too far above the last one."""
        limit = self.store.settings.counter_jump_limit
        last = key.counters.last_received(key.keys.encryption, self.client_title)
        return limit is None or last < 0 or message.counter - last <= limit

    def _check_content(self, message: ProtectedApdu, plain: bytes) -> None:
        """Refuse the request of one service in the clothes of another."""
        outer = PLAIN_OF_GLOBAL.get(message.tag, PLAIN_OF_DEDICATED.get(message.tag))
        if outer is not None and plain and plain[0] != outer and plain[0] in GLOBAL_OF_PLAIN:
            raise Undecipherable(f"{plain[0]:02x} inside {message.tag:02x}")

    def _is_new(self, message: ProtectedApdu, key: CipherKey) -> bool:
        """Judge the counter of a message that opened, and enter it; an old one is refused."""
        encryption_key = key.keys.encryption
        vouched = self._is_vouched_for(message.control & PROTECTION)
        if not self.is_within_reach(message, key):
            self.refuse()
            return False
        if not self.is_fresh(message, key):
            self._refuse_old(key.counters.last_received(encryption_key, self.client_title), vouched=vouched)
            return False
        if vouched:
            key.counters.accept(encryption_key, self.client_title, message.counter)
        return True

    def _is_risen(self, message: OpenedMessage, *, vouched: bool) -> bool:
        """Judge the number of a message from end to end likewise."""
        counters = self.store.counters
        last = counters.last_received(message.counted_for, self.client_title)
        if message.number <= last:
            self._refuse_old(last, vouched=vouched)
            return False
        if vouched or self._is_vouched_for(message.protection):
            counters.accept(message.counted_for, self.client_title, message.number)
        return True

    def _is_vouched_for(self, protection: int) -> bool:
        """Tell whether a message is authentic as far as the policy wants it.

        Where it demands no authentication, nothing better than the plain text vouches for a message.
        """
        return bool(protection & AUTHENTICATION or not self.store.demanded_of_requests() & AUTHENTICATION)

    def _refuse_old(self, last: int, *, vouched: bool) -> None:
        self.on_fault(Fault.REPLAYED if vouched else Fault.UNDECIPHERABLE)
        self.refuse(expected=min(last + 1, LAST_COUNTER))

    def _sufficient(self, plain: bytes, protection: int, *, signed: bool) -> bytes:
        """Give the plain request when policy has all that it demands."""
        if not plain:
            raise RequestRefused(_MALFORMED)
        needs_signature = self.store.demands_signed_requests() and plain[:1] != _INITIATE_REQUEST
        if self.store.demanded_of_requests() & ~protection or (needs_signature and not signed):
            raise InsufficientProtection(plain, self.store.settings.insufficient_result)
        return plain

    def refuse(self, expected: int | None = None) -> None:
        """Raise for a wrongly ciphered request, unless the settings want silence."""
        policy = self.store.settings.ciphering_errors
        if policy == "silent" or (policy == "mixed" and expected is None):
            return
        if expected is None:
            raise RequestRefused(DECIPHERING_ERROR)
        raise RequestRefused(
            ExceptionResponse(state_error=1, service_error=_COUNTER_ERROR, invocation_counter=expected)
        )
