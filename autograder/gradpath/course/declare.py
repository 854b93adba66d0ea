"""The vocabulary of an assignment: all that its modules import from gradpath's course.

    from gradpath.course.declare import FORMULA, Cases, Numbers, PublicChecks, case

- checks: `PublicChecks`, `HiddenChecks`, `case`, `exchanged`, `away_from_zero`, `Case`, `Cases`,
  and rules about the code: `AUTOGRAD`, `INSIDE`, `OPTIMIZERS`
- expectations, the form of an answer: `Numbers`, `Parts`, `Record`, `describe`
- tolerances, the distance that is right: `EXACT`, `FORMULA`, `GRID`, `TRAJECTORY`, `LONG_RUN`,
  `LONG_COUNT`, `SPREAD`
- misconceptions, known mistakes in a solution: `Misconception`, `Variant`, `edit`, `rewrite`
- values of calls and answers: `Array`, `Tensor`, `Generator`
- plots of runs for students: `Curve`, `Route`, `Elements`, `Together`, `Regions`
- pictures of a text: `Pictures`, `WIDTH`, `coinciding`, `label_ends`, `style`
- questions for talks: `WhatIf`, `WhichCurve`, `WhichLine`, `Why`; `Falls`, `Exceeds`, `Entry`
- documented figures and their rows: `documented`, `Row`, `BITS`, `COUNT`, `FLOAT32`,
  `FOUR_DECIMALS`, `TWELVE`, `compare_one`, `compare_sequence`

Settings are read before NumPy may be imported, so none of this is in `gradpath.course` itself.
"""

from gradpath.course import style
from gradpath.course.checks import (
    AUTOGRAD,
    INSIDE,
    OPTIMIZERS,
    Case,
    Cases,
    HiddenChecks,
    PublicChecks,
    away_from_zero,
    case,
    exchanged,
)
from gradpath.course.documented import (
    BITS,
    COUNT,
    FLOAT32,
    FOUR_DECIMALS,
    TWELVE,
    Row,
    compare_one,
    compare_sequence,
)
from gradpath.course.expectations import Numbers, Parts, Record, describe
from gradpath.course.figures import WIDTH, Pictures, coinciding, label_ends
from gradpath.course.interview import (
    Entry,
    Exceeds,
    Falls,
    Question,
    WhatIf,
    WhichCurve,
    WhichLine,
    Why,
)
from gradpath.course.load import documented
from gradpath.course.mistakes import (
    GRAPH_USED,
    LEAF_IN_PLACE,
    NONE_AS_TENSOR,
    NONE_USED,
    UNTRACKED,
    Misconception,
    Variant,
    edit,
    rewrite,
)
from gradpath.course.plots import Curve, Elements, Regions, Route, Together
from gradpath.course.tolerances import (
    EXACT,
    FORMULA,
    GRID,
    LONG_COUNT,
    LONG_RUN,
    SPREAD,
    TRAJECTORY,
)
from gradpath.worker.codec import Array, Generator, Tensor

__all__ = [
    "AUTOGRAD", "BITS", "COUNT", "EXACT", "FLOAT32", "FORMULA", "FOUR_DECIMALS", "GRAPH_USED",
    "GRID", "INSIDE", "LEAF_IN_PLACE", "LONG_COUNT", "LONG_RUN", "NONE_AS_TENSOR", "NONE_USED",
    "OPTIMIZERS", "SPREAD", "TRAJECTORY", "TWELVE", "UNTRACKED", "WIDTH", "Array", "Case",
    "Cases", "Curve", "Elements", "Entry", "Exceeds", "Falls", "Generator", "HiddenChecks",
    "Misconception", "Numbers", "Parts", "Pictures", "PublicChecks", "Question", "Record",
    "Regions", "Route", "Row", "Tensor", "Together", "Variant", "WhatIf", "WhichCurve",
    "WhichLine", "Why", "away_from_zero", "case", "coinciding", "compare_one",
    "compare_sequence", "describe", "documented", "edit", "exchanged", "label_ends", "rewrite",
    "style",
]  # fmt: skip
