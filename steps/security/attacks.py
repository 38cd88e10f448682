"""Attempts upon what nothing from outside may change, each with a comparison before and after."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from harness.checks.access import Tally
from harness.declaration import AssociationDeclaration
from harness.declaration.association import ConformanceName
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.client import Client
from harness.headend.rights.access_sweep import Rights
from harness.headend.rights.legal_attacks import (
    Chosen,
    attack_by_writes,
    broadcast_request,
    harmful,
    put_back,
    send_unasked,
)
from harness.headend.rights.legal_part import LegalAttribute, changes_of, read_state
from harness.headend.rights.write_paths import WritePath
from harness.headend.rights.write_sweep import Values
from harness.run.trial import Trial
from steps.rights.access import associated, by_rank, clients_here

__all__ = ["Watch", "attacked_by_writes", "broadcast_attack", "pre_established_attack", "proposing_all", "watch_over"]

_BROADCASTS_ON_A_REAL_LINE = 2
_PATHS_NEED: tuple[ConformanceName, ...] = (
    "GET",
    "SET",
    "ACTION",
    "BLOCK_GET",
    "BLOCK_SET",
    "MULTIPLE_REFERENCES",
    "ATTRIBUTE0_SET",
    "ACCESS",
)


@dataclass(kw_only=True)
class Watch:
    """The state of some attributes, compared after attempts."""

    trial: Trial
    attributes: Sequence[LegalAttribute]
    state: Values
    spoiled: list[tuple[LegalAttribute, bytes]] = field(default_factory=list)
    """What the last comparison found changed, with the octets of before."""
    energy_flows: bool = False
    """Whether registers go on counting between comparisons, also where time is moved by hand."""

    def compare(self, tally: Tally) -> None:
        """Read it again and count what has changed as a breach."""
        after = state_of(self.trial, self.attributes)
        frame = self.trial.trace.last_received or 0
        self.spoiled = []
        standing = self.trial.time_moves_by_hand and not self.energy_flows
        for one in self.attributes:
            for breach in changes_of((one,), self.state, after, standing=standing):
                tally.breaches.append((breach, frame))
                if one.key in self.state:
                    self.spoiled.append((one, self.state[one.key]))
        self.state = after


def watch_over(trial: Trial, attributes: Sequence[LegalAttribute]) -> Watch:
    """Read the state of these attributes."""
    return Watch(trial=trial, attributes=attributes, state=state_of(trial, attributes))


def state_of(trial: Trial, attributes: Sequence[LegalAttribute]) -> Values:
    """Read attributes by whoever may."""
    state: Values = {}
    for declared in by_rank(clients_here(trial)):
        if len(state) == len(attributes):
            break
        with associated(trial, declared) as client:
            read_state(client, attributes, state)
    if not state:
        raise Inconclusive("no client may read anything of what is to be protected", missing="device")
    return state


@contextmanager
def proposing_all(trial: Trial, declared: AssociationDeclaration) -> Iterator[Client]:
    """Associate with every service for writing proposed, so that each path that the device has can be tried."""
    wider = tuple(dict.fromkeys((*declared.conformance, *_PATHS_NEED)))
    every = declared.model_copy(update={"conformance": wider})
    try:
        client = trial.head_end.associate_declared(every)
    except Refused:
        client = trial.head_end.associate_declared(declared)
    try:
        yield client
    finally:
        client.close()


def attacked_by_writes(
    trial: Trial,
    rights: Rights,
    path: str,
    attributes: Sequence[LegalAttribute],
    *,
    chosen: Chosen,
    accepted: Callable[[str], Collection[str]],
) -> list[Tally]:
    """Let every client try one path on all attributes; a plain SET also as one of attribute 0, where there is that."""
    watch = watch_over(trial, attributes)
    paths = [WritePath(path)]
    if paths == [WritePath.SET]:
        paths.append(WritePath.ATTRIBUTE_0)
    tallies = []
    for declared in clients_here(trial):
        with proposing_all(trial, declared) as client:
            tried = [
                attack_by_writes(client, one, attributes, watch.state, rights, chosen=chosen, accepted=accepted)
                for one in paths
            ]
        tallies += tried
    compared = [tally for tally in tallies if tally.tried]
    if compared:
        watch.compare(compared[-1])
    if watch.spoiled:
        # A defective device has let something in and has not said so: whoever could do that puts it back likewise.
        for declared in clients_here(trial):
            with proposing_all(trial, declared) as client:
                for one in paths:
                    put_back(client, one, watch.spoiled)
    return tallies


def pre_established_of(trial: Trial) -> AssociationDeclaration:
    """Return the client whose association is there without asking."""
    found = [one for one in trial.declaration.associations if one.pre_established and one.fits(trial.door.id)]
    if not found:
        raise NotApplicable("no pre-established client is declared for this door", item="associations.pre_established")
    return found[0]


def pre_established_attack(trial: Trial, attributes: Sequence[LegalAttribute]) -> Tally:
    """Write other values as the client whose association is there without asking."""
    declared = pre_established_of(trial)
    watch = watch_over(trial, attributes)
    tally = Tally(what=f"unconfirmed SET by client {declared.id}")
    client = trial.head_end.pre_established(declared.id)
    try:
        for one in attributes:
            octets = harmful(one, watch.state[one.key]) if one.key in watch.state else None
            if octets is None:
                tally.skip("no value that could be written")
                continue
            send_unasked(client, one, octets)
            tally.take(None, trial.trace.last)
        client.conversation.overhear()
    finally:
        client.close()
    watch.compare(tally)
    if watch.spoiled:
        client = trial.head_end.pre_established(declared.id)
        try:
            for one, octets in watch.spoiled:
                send_unasked(client, one, octets)
        finally:
            client.close()
    return tally


def broadcast_attack(trial: Trial, attributes: Sequence[LegalAttribute]) -> Tally:
    """Broadcast other values."""
    declared = pre_established_of(trial)
    watch = watch_over(trial, attributes)
    tally = Tally(what="broadcast SET")
    for one in attributes:
        octets = harmful(one, watch.state[one.key]) if one.key in watch.state else None
        if octets is None:
            tally.skip("no value that could be written")
        elif not trial.door.is_virtual and tally.tried >= _BROADCASTS_ON_A_REAL_LINE:
            tally.skip("each takes its time on a real line")
        else:
            trial.head_end.broadcast(declared, broadcast_request(one, octets))
            tally.take(None, trial.trace.last)
    watch.compare(tally)
    for one, octets in watch.spoiled:
        trial.head_end.broadcast(declared, broadcast_request(one, octets))
    return tally
