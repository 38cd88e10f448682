"""TR-Conf.01: meters whose counting or software depends on what is said to them."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.energy import NANOJOULES_PER_WH
from reference_meter.model.image_transfer import Status
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.model_port import Selection

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.01a"
_VALUE, _VERIFY, _ACTIVATE = 2, 3, 4

_Action = Callable[..., tuple[int, Pair | None]]


@deviation("counting-pauses-while-associated", _CLAUSE, about="No energy is counted while a client is associated.")
def counting_pauses(meter: Meter, rng: Random) -> None:
    """Draw whether import or both directions stand still."""
    energy, model = meter.model.metering.energy, meter.model
    both = rng.choice((False, True))

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        before = dict(energy.energy_nj)
        original(elapsed_us)
        if model.open_associations:
            for register, was in before.items():
                if register[0] == "import" or both:
                    energy.energy_nj[register] = was
            if energy.energy_nj == before and any(energy.power_mw.values()):
                meter.fire()

    wrap(energy, "integrate", integrate)


@deviation("counting-slows-under-requests", _CLAUSE, about="A meter that is asked often counts less than what flows.")
def counting_slows(meter: Meter, rng: Random) -> None:
    """Draw how much gets lost."""
    energy = meter.model.metering.energy
    lost_percent = rng.choice((20, 50, 90))
    reads = [0]

    def get(original: Callable[..., Pair], *asked: object) -> Pair:
        reads[0] += 1
        return original(*asked)

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        busy, reads[0] = reads[0] * 1_000_000 > elapsed_us, 0
        if busy and any(energy.power_mw.values()):
            meter.fire()
            elapsed_us = elapsed_us * (100 - lost_percent) // 100
        original(elapsed_us)

    wrap(meter.model, "get", get)
    wrap(energy, "integrate", integrate)


@deviation("clock-setting-moves-energy", _CLAUSE, about="Setting the clock adds energy for the time that is skipped.")
def clock_setting_moves_energy(meter: Meter, rng: Random) -> None:
    """Draw the power that is assumed, and whether setting back takes energy away."""
    power_w, back_too = rng.choice((100, 500, 2000)), rng.choice((False, True))
    metering, code = meter.model.metering, meter.configuration.instances.clock

    def write(
        original: Callable[..., int],
        client: int,
        class_id: int,
        obis: bytes,
        attribute: int,
        selection: Selection | None,
        data: Pair,
    ) -> int:
        before = metering.clock.now
        result = original(client, class_id, obis, attribute, selection, data)
        step_s = (metering.clock.now - before).total_seconds()
        if (obis, attribute, result) == (code, _VALUE, DataAccessResult.SUCCESS) and (step_s > 0 or back_too):
            rate = metering.energy.active_rate
            metering.energy.energy_nj["import", rate] += int(power_w * step_s / 3600) * NANOJOULES_PER_WH
            meter.fire()
        return result

    wrap(meter.model, "set", write)


@deviation("wrong-image-verified", _CLAUSE, about="An image that nobody has signed is verified.")
def wrong_image_verified(meter: Meter, rng: Random) -> None:
    """Draw whether the method says so too, or the status only."""
    told = rng.choice((DataAccessResult.SUCCESS, DataAccessResult.OTHER_REASON))
    transfer, code = meter.model.parts.image_transfer, meter.configuration.instances.image_transfer

    def action(original: _Action, client: int, class_id: int, obis: bytes, method: int, *more: Pair | None) -> object:
        done = original(client, class_id, obis, method, *more)
        if (obis, method) != (code, _VERIFY) or transfer.status != Status.VERIFICATION_FAILED:
            return done
        transfer.status = Status.VERIFIED
        meter.fire()
        return told, None

    wrap(meter.model, "action", action)


@deviation("wrong-image-activated", _CLAUSE, about="An image whose verification has failed is put in force.")
def wrong_image_activated(meter: Meter, rng: Random) -> None:
    """Draw the firmware id that stands there afterwards."""
    transfer, code = meter.model.parts.image_transfer, meter.configuration.instances.image_transfer
    another = rng.choice((b"6.6.6", b"0.0.1"))

    def action(original: _Action, client: int, class_id: int, obis: bytes, method: int, *more: Pair | None) -> object:
        failed = transfer.status == Status.VERIFICATION_FAILED
        done = original(client, class_id, obis, method, *more)
        if (obis, method) != (code, _ACTIVATE) or not failed or done[0] == DataAccessResult.READ_WRITE_DENIED:
            return done
        transfer.application_id = another
        transfer.status = Status.ACTIVATED
        meter.fire()
        return DataAccessResult.SUCCESS, None

    wrap(meter.model, "action", action)


@deviation("firmware-signature-changes", _CLAUSE, about="The signature of the firmware is another one now and then.")
def firmware_signature_changes(meter: Meter, rng: Random) -> None:
    """Draw after how many associations it changes to and fro, and which octet."""
    every, octet = rng.choice((1, 2, 3)), rng.randrange(4)
    code, model = meter.configuration.instances.firmware_signature, meter.model
    so_far = [0]

    def changed(original: Callable[..., None], client: int, link_id: int, opened: bool) -> None:
        so_far[0] += opened
        original(client, link_id, opened=opened)

    def get(original: Callable[..., Pair], client: int, class_id: int, obis: bytes, *more: object) -> Pair:
        tag, value = original(client, class_id, obis, *more)
        is_other = so_far[0] // every % 2 == 1
        if obis != code or not is_other or not isinstance(value, bytes) or more[0] != _VALUE:
            return tag, value
        meter.fire()
        return tag, value[:octet] + bytes([value[octet] ^ 1]) + value[octet + 1 :]

    wrap(model, "association_changed", changed)
    wrap(model, "get", get)


@deviation("total-runs-ahead", _CLAUSE, about="The total counts more than the tariff registers together.")
def total_runs_ahead(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    energy, percent = meter.model.metering.energy, rng.choice((10, 25, 100))
    nowhere = max(meter.configuration.rates) + 1
    energy.energy_nj["import", nowhere] = 0

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        before = energy.total_nj("import")
        original(elapsed_us)
        more = (energy.total_nj("import") - before) * percent // 100
        if more:
            energy.energy_nj["import", nowhere] += more
            meter.fire()

    wrap(energy, "integrate", integrate)


FAMILIES = (
    counting_pauses,
    counting_slows,
    clock_setting_moves_energy,
    wrong_image_verified,
    wrong_image_activated,
    firmware_signature_changes,
    total_runs_ahead,
)
