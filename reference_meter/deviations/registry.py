"""All deviations by name."""

from reference_meter.deviations import (
    bi_01,
    su3_step1,
    su3_step2_blocks,
    su3_step2_lists,
    su3_step2_rows,
    su3_step2_time,
    su3_step2_values,
    tr_conf_04,
    tr_conf_05,
    tr_conf_05a_damage,
    tr_conf_05a_robustness,
    tr_conf_05b,
    tr_conf_05b_counter,
    tr_conf_05b_event,
    tr_conf_05b_form,
    tr_conf_05b_keys,
    tr_conf_05b_proof,
    tr_conf_08a,
    tr_conf_08b,
)
from reference_meter.deviations.family import Deviation

__all__ = ["DEVIATIONS"]

_MODULES = (
    su3_step1,
    su3_step2_values,
    su3_step2_time,
    su3_step2_lists,
    su3_step2_rows,
    su3_step2_blocks,
    bi_01,
    tr_conf_04,
    tr_conf_05,
    tr_conf_05a_damage,
    tr_conf_05a_robustness,
    tr_conf_05b,
    tr_conf_05b_counter,
    tr_conf_05b_event,
    tr_conf_05b_form,
    tr_conf_05b_keys,
    tr_conf_05b_proof,
    tr_conf_08a,
    tr_conf_08b,
)

DEVIATIONS: dict[str, Deviation] = {family.name: family for module in _MODULES for family in module.FAMILIES}
