"""What pages show of hidden checks: chosen on the command line or in `gradpath.toml`.

    [feedback]
    hidden_before = "none"
    hidden_after = "all"

Before and after what is in `[due]`, which the late policy uses as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from gradpath.cohort.late import due_times
from gradpath.course.config import FILE, read_settings_file
from gradpath.course.settings import slugs
from gradpath.errors import SettingsError
from gradpath.text import printable

Hidden = Literal["all", "outcomes", "names", "none"]
"""Of hidden checks a page shows everything but their numbers; titles, points and whether they
passed; their titles; or nothing. `names` and `none` mean what they do in a release."""

CHOICES: Final[tuple[Hidden, ...]] = get_args(Hidden)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hidden_before: Hidden = "none"
    hidden_after: Hidden = "all"


@dataclass(frozen=True)
class FeedbackSettings:
    """What is shown before and after an assignment is due; `due` has times by slug."""

    before: Hidden
    after: Hidden
    due: Mapping[str, datetime]

    def hidden(self, slug: str, now: datetime) -> Hidden:
        """Return what is shown of an assignment's hidden checks.

        Args:
            slug: the assignment; one without a time is taken for one that is not due yet.
            now: the time, with its offset.
        """
        due = self.due.get(slug)
        return self.after if due is not None and now >= due else self.before


def read_feedback_settings(folder: Path) -> FeedbackSettings:
    """Read the settings of a folder; the defaults if it has none.

    Raises:
        SettingsError: they are wrong.
    """
    path = folder / FILE
    try:
        table = msgspec.convert(read_settings_file(folder).get("feedback", {}), _Table)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: in [feedback]: {printable(str(error))}") from None
    due = due_times(folder, slugs())
    return FeedbackSettings(table.hidden_before, table.hidden_after, due)
