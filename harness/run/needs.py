"""What a scenario needs and the declaration may not give."""

from harness.declaration import Available, DeniedBySource, Missing, NotOffered, availability
from harness.errors import Inconclusive, NonConformity, NotApplicable
from harness.run.trial import Trial

__all__ = ["check_needs"]


def check_needs(trial: Trial) -> bool:
    """Raise the outcome of what the scenario needs and the declaration does not give.

    Returns whether a default stands for something that the declaration does not mention.
    """
    by_default = False
    for need in trial.meta.needs:
        match availability(trial.declaration, trial.door, need, clause=trial.clause):
            case Missing(reason=reason, missing=missing):
                raise Inconclusive(reason, missing=missing)
            case DeniedBySource(item=key, reason=reason, clause=clause):
                raise NonConformity(
                    clause=clause, expected=f"what {key} stands for", observed=reason, note="declared absent"
                )
            case NotOffered(item=key, reason=reason):
                raise NotApplicable(reason, item=key)
            case Available() as found:
                by_default = by_default or found.by_default
    return by_default
