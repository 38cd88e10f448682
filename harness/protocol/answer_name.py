"""The names under which the catalogue knows answers: ``dar:4``, ``exception:1/2``, ``aare:1/user:13`` ..."""

from harness.protocol import acse
from harness.protocol import apdu as xdlms

__all__ = ["answer_name", "answer_names", "result_name"]


def result_name(result: int) -> str:
    """Return the catalogue name of a data-access-result."""
    return f"dar:{result}"


def answer_name(answer: xdlms.Answer) -> str:
    """Return the catalogue name of an answer; ``data`` for one that delivers what was asked for."""
    names = answer_names(answer)
    if names:
        return names[0]
    match answer:
        case acse.Aare():
            return "aare:0"
        case acse.Rlre():
            return "rlre"
        case _:
            return "data"


def answer_names(answer: xdlms.Answer) -> tuple[str, ...]:
    """Return the names of all errors in an answer; empty for success."""
    match answer:
        case xdlms.ExceptionResponse():
            return (f"exception:{int(answer.state_error)}/{int(answer.service_error)}",)
        case xdlms.ConfirmedServiceError():
            return (f"confirmed:{answer.service}/{answer.category}/{answer.error}",)
        case acse.Aare() if answer.result != 0:
            return (f"aare:{answer.result}/{answer.diagnostic_source}:{answer.diagnostic}",)
        case xdlms.GetResponseNormal() | xdlms.GetResponseWithDatablock() if answer.result is not None:
            return (result_name(answer.result),)
        case xdlms.GetResponseWithList():
            return tuple(result_name(item) for item in answer.items if isinstance(item, int))
        case xdlms.SetResponseNormal() | xdlms.SetResponseLastDatablock() if answer.result != 0:
            return (result_name(answer.result),)
        case xdlms.SetResponseWithList() | xdlms.SetResponseLastDatablockWithList():
            return tuple(result_name(result) for result in answer.results if result != 0)
        case xdlms.ActionResponseNormal():
            return action_names(answer)
        case xdlms.AccessResponse():
            return tuple(access_name(one) for one in answer.outcomes if one.result != 0)
        case _:
            return ()


def access_name(outcome: xdlms.AccessOutcome) -> str:
    """Return the name of the error of one specification in an access-response."""
    return f"action:{outcome.result}" if outcome.kind == xdlms.AccessAction.kind else result_name(outcome.result)


def action_names(answer: xdlms.ActionResponseNormal) -> tuple[str, ...]:
    """Return the names of the errors of one action: its result and that of its return value."""
    names = []
    if answer.result != 0:
        names.append(f"action:{answer.result}")
    if answer.return_result:
        names.append(result_name(answer.return_result))
    return tuple(names)
