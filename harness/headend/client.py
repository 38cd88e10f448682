"""An associated client: reads, writes and methods whose missing or damaged answers are judged."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from harness.declaration import AssociationDeclaration as DeclaredAssociation
from harness.declaration import CosemObject
from harness.errors import ConformeterError, DeviceError, PortGone, Refused
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem
from harness.session import Association, Conversation, GetResult, PreEstablished, Services

if TYPE_CHECKING:
    from harness.headend.head_end import HeadEnd

__all__ = ["Client", "Item", "item", "value_of"]

T = TypeVar("T")
_ASSOCIATION_NAME = xdlms.AttributeDescriptor(15, cosem.obis("0.0.40.0.0.255"), 1)

Item = tuple[xdlms.AttributeDescriptor, xdlms.Selection | None]


def item(target: CosemObject, attribute: int, selection: xdlms.Selection | None = None) -> Item:
    """Return what a GET or SET addresses: one attribute of a declared object."""
    return xdlms.AttributeDescriptor(target.class_id, cosem.obis(target.obis), attribute), selection


class Client:
    """One client of the declaration at one door."""

    def __init__(self, head_end: "HeadEnd", declared: DeclaredAssociation, *, pre_established: bool = False) -> None:
        """``pre_established``: the association is there without an AARQ, for requests that ask for no answer."""
        self.declared = declared
        self._pre_established = pre_established
        self.max_receive_pdu_size = declared.max_receive_pdu_size
        self._head_end = head_end
        self._conversation: Conversation | None = None
        self._association: Association | PreEstablished | None = None
        self._gave_way = False

    @property
    def association(self) -> Association:
        """What was negotiated; raises ``ValueError`` before ``establish``, and where nothing is negotiated."""
        self._come_back()
        if not isinstance(self._association, Association):
            raise ValueError(f"client {self.declared.id} is not associated")
        return self._association

    @property
    def _open(self) -> Association | PreEstablished:
        self._come_back()
        if self._association is None:
            raise ValueError(f"client {self.declared.id} is not associated")
        return self._association

    @property
    def conversation(self) -> Conversation:
        """The connection under the association."""
        return self._open.conversation

    @property
    def services(self) -> Services:
        """GET, SET and ACTION without judgement."""
        return self._open.services

    def establish(self, attempt: Callable[[], None] | None = None) -> None:
        """Associate; raises ``Refused`` when the device says no, ``NonConformity`` when it says nothing twice.

        ``attempt`` is another way to do it the first time.
        """
        self._head_end.judge.judged(
            f"the association of client {self.declared.id}",
            attempt or self.establish_unjudged,
            self.establish_unjudged,
            self._frame,
        )

    def establish_unjudged(self) -> None:
        """Associate once; whatever happens is raised."""
        self.close()
        if self._pre_established:
            self._association = self._head_end.open_pre_established(self.declared)
            self._conversation = self._association.conversation
            return
        self._conversation, self._association = self._head_end.open_association(
            self.declared, max_receive_pdu_size=self.max_receive_pdu_size
        )

    def _frame(self) -> int:
        """Return the last frame received, or the last record where there is none to show."""
        received = self._conversation.frame if self._conversation else 0
        return received or self._head_end.last_record

    def _judged(self, stimulus: str, attempt: Callable[[], T]) -> T:
        def again() -> T:
            self.establish_unjudged()
            return attempt()

        return self._head_end.judge.judged(stimulus, attempt, again, self._frame)

    def get(self, wanted: Item) -> GetResult:
        """Read one attribute; the answer may be an error."""
        return self._judged(_stimulus(wanted), lambda: self.services.get(wanted))

    def get_list(self, wanted: Sequence[Item]) -> tuple[GetResult, ...]:
        """Read several attributes in one request."""
        names = ", ".join(_name(one) for one in wanted)
        return self._judged(f"GET with list of {names}", lambda: self.services.get_list(wanted))

    def read(self, wanted: Item) -> axdr.Data:
        """Return the decoded value of one attribute; raises ``Refused`` when the answer is an error."""

        def attempt() -> axdr.Data:
            return value_of(self.services.get(wanted), wanted)

        return self._judged(_stimulus(wanted), attempt)

    def rows(self, wanted: Item) -> Iterator[axdr.Row]:
        """Yield the rows of a profile as their blocks arrive; counted strictly, none kept.

        A missing or damaged answer is judged by reading all of it again, and ends in an outcome either way.
        """
        try:
            yield from self._rows(wanted)
        except DeviceError as failed:
            if isinstance(failed, Refused):
                raise
            broken = failed

            def first() -> None:
                raise broken

            def again() -> None:
                self.establish_unjudged()
                for _ in self._rows(wanted):
                    pass

            self._head_end.judge.judged(_stimulus(wanted), first, again, self._frame)

    def _rows(self, wanted: Item) -> Iterator[axdr.Row]:
        reader = axdr.RowReader()
        for part in self.services.get_parts(wanted):
            if part.data is None:
                raise Refused(f"{_stimulus(wanted)} gives data-access-result {part.result}", f"dar:{part.result}")
            yield from reader.feed(part.data)
        reader.finish()

    def set(self, wanted: Item, data: axdr.Data) -> None:
        """Write one attribute; raises ``Refused`` for every result but success."""
        octets = axdr.encode(data)

        def attempt() -> None:
            result = self.services.set(wanted, octets).result
            if result != 0:
                raise Refused(f"SET {_name(wanted)} gives data-access-result {result}", f"dar:{result}")

        self._judged(f"SET {_name(wanted)}", attempt)

    def action(self, target: CosemObject, method: int, parameter: axdr.Data | None) -> axdr.Data | None:
        """Invoke a method and return what it returns; raises ``Refused`` for every result but success."""
        octets = None if parameter is None else axdr.encode(parameter)
        descriptor = xdlms.MethodDescriptor(target.class_id, cosem.obis(target.obis), method)
        name = f"ACTION {target.obis} method {method}"

        def attempt() -> axdr.Data | None:
            done = self.services.action(descriptor, octets)
            if done.result != 0:
                raise Refused(f"{name} gives action-result {done.result}", f"action:{done.result}")
            if done.data_result:
                raise Refused(f"{name} returns data-access-result {done.data_result}", f"dar:{done.data_result}")
            return None if done.data is None else axdr.decode(done.data)

        return self._judged(name, attempt)

    def send_unconfirmed_set(self, wanted: Item, data: axdr.Data) -> None:
        """Write one attribute without asking for an answer."""
        octets = axdr.encode(data)
        stimulus = f"unconfirmed SET {_name(wanted)}"
        self._judged(stimulus, lambda: self.services.send_unconfirmed_set(wanted, octets))

    def send_unconfirmed_action(self, target: CosemObject, method: int, parameter: axdr.Data | None) -> None:
        """Invoke a method without asking for an answer."""
        octets = None if parameter is None else axdr.encode(parameter)
        descriptor = xdlms.MethodDescriptor(target.class_id, cosem.obis(target.obis), method)
        stimulus = f"unconfirmed ACTION {target.obis} method {method}"
        self._judged(stimulus, lambda: self.services.send_unconfirmed_action(descriptor, octets))

    @property
    def may_list(self) -> bool:
        """Whether several attributes may be read in one request."""
        return self.association.may_list

    @property
    def is_associated(self) -> bool:
        """Whether the association is there as far as we know."""
        return self._association is not None or self._gave_way

    def announced_codes(self) -> frozenset[str]:
        """Return the OBIS codes in the object list, none where this client may not read it."""
        association = self._head_end.declaration.require("association", clause=self._head_end.clause)
        try:
            data = self.read(item(association, 2))
        except Refused:
            return frozenset()
        entries = data.value if isinstance(data.value, tuple) else ()
        names = [entry.value[2].value for entry in entries if isinstance(entry.value, tuple) and len(entry.value) == 4]
        return frozenset(cosem.obis_text(name) for name in names if isinstance(name, bytes) and len(name) == 6)

    def keep_alive(self) -> None:
        """Read something small, whatever the answer, so that the device does not take the link for idle."""
        if not self.is_associated:
            return
        try:
            self.services.get((_ASSOCIATION_NAME, None))
        except DeviceError:
            self.drop()

    def drop(self) -> None:
        """Vanish without release or DISC, as after a cut line."""
        if self._conversation is not None:
            self._conversation.abandon()
        self._association = None
        self._gave_way = False

    def give_way(self) -> None:
        """Leave the line to another client; this one associates again when it is used.

        Without a release, which would spend an invocation counter: the link ends, and the association with it.
        """
        if self._association is not None and self._conversation is not None:
            self._conversation.close()
            self._association = self._conversation = None
            self._gave_way = True

    def _come_back(self) -> None:
        if self._gave_way:
            self.establish_unjudged()

    def close(self) -> None:
        """Release, where associations end so, and disconnect as far as the device goes along."""
        self._gave_way = False
        association, self._association = self._association, None
        conversation, self._conversation = self._conversation, None
        releases = self._head_end.door.release == "request"
        if releases and association is not None and conversation is not None and not conversation.closed:
            # An association that cannot be released ends with its connection.
            with suppress(DeviceError, PortGone):
                association.release()
        if conversation is not None:
            with suppress(ConformeterError):
                conversation.close()


def value_of(result: GetResult, wanted: Item) -> axdr.Data:
    """Decode the value of a GET; raises ``Refused`` for an error and ``DecodeError`` for a malformed value."""
    if result.data is None:
        raise Refused(f"{_stimulus(wanted)} gives data-access-result {result.result}", f"dar:{result.result}")
    return axdr.decode(result.data)


def _name(wanted: Item) -> str:
    descriptor = wanted[0]
    return f"{cosem.obis_text(descriptor.obis)} attribute {descriptor.attribute}"


def _stimulus(wanted: Item) -> str:
    selection = " with selective access" if wanted[1] is not None else ""
    return f"GET {_name(wanted)} of class {wanted[0].class_id}{selection}"
