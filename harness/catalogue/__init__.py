"""The catalogue: requirements, accepted answers and side effects as frozen objects.

>>> catalogue = load_catalogue(Path("requirements"))        # doctest: +SKIP
>>> catalogue.requirement_of("TR-Conf.05b").title           # doctest: +SKIP
'Diagnostic information, and silence towards erroneously ciphered requests'
"""

from harness.catalogue.answers import AnswerBook, Ceiling, ErrorCondition
from harness.catalogue.catalogue import Catalogue, load_catalogue
from harness.catalogue.effects import EFFECTS, SideEffects
from harness.catalogue.requirement import Clause, Condition, Link, NotTested, Requirement, Source
from harness.catalogue.review import Suspect, stamp, text_fingerprint

__all__ = [
    "EFFECTS",
    "AnswerBook",
    "Catalogue",
    "Ceiling",
    "Clause",
    "Condition",
    "ErrorCondition",
    "Link",
    "NotTested",
    "Requirement",
    "SideEffects",
    "Source",
    "Suspect",
    "load_catalogue",
    "stamp",
    "text_fingerprint",
]
