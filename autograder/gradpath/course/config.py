"""A folder's `gradpath.toml`: one struct with all its tables, and the secret of the hidden data.

    secret = "..."                # better kept in a file of its own
    language = "zh"               # of results and pages

    [check]
    assignments = ["hand_gradients"]

    [due]
    hand_gradients = 2026-11-20T23:59:00+01:00

    [late]
    percent_per_day = 10          # see `gradpath.cohort.late`

    [feedback]
    hidden_before = "names"       # shown of hidden checks before and after the time in [due]
    hidden_after = "all"

    [release]
    packages = "https://..."      # a page with the student edition, for notebooks far from it

Every part of gradpath that reads this file reads it here. Nothing slow is imported: `gradpath
check` reads it before anything else.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args

import msgspec

from gradpath.course.settings import slugs
from gradpath.errors import GradpathError, SettingsError
from gradpath.text import choice, printable, question
from gradpath.text.languages import ENGLISH, Language, languages
from gradpath.text.messages import Message

VARIABLE: Final = "GRADPATH_SECRET"
FILE: Final = "gradpath.toml"
_ADDRESS: Final = re.compile(r"https?://[\w.~:/?#=&%+,@-]+", re.ASCII)
"""It stands in a line of IPython's in students' notebooks, where other signs have a meaning."""
_OR_PUBLIC: Final = Message(", or grade with --public")
A_TIME: Final = Message("a time with an offset, such as 2026-11-20T23:59:00+01:00")

Hidden = Literal["all", "outcomes", "names", "points", "none"]
"""The part of hidden checks that students see: everything but their numbers; titles, points and
whether they passed; their titles; the points that they took altogether; or nothing."""

CHOICES: Final[tuple[Hidden, ...]] = get_args(Hidden)


class CheckSettings(msgspec.Struct, frozen=True):
    """`[check]`: the assignments that `gradpath check` looks for; None for all."""

    assignments: tuple[str, ...] | None = None


class LateSettings(msgspec.Struct, frozen=True):
    """`[late]`: the cost of being late, which `gradpath.cohort.late` takes off."""

    grace_minutes: float = 0.0
    percent_per_day: float = 0.0
    percent_at_most: float = 100.0
    no_points_after_days: float | None = None
    percent_if_flagged: float | None = None
    times: str = ""
    extensions: str = ""


class FeedbackSettings(msgspec.Struct, frozen=True):
    """`[feedback]`: the part of hidden checks that is shown before and after the due time.

    Without a choice nothing is shown before that time. Where no time is set, a page that says
    nothing might be all green in spite of lost points, for good: it has the points that they took.
    """

    hidden_before: Hidden | None = None
    hidden_after: Hidden = "all"

    @property
    def before(self) -> Hidden:
        """The part that is shown before the due time."""
        return self.hidden_before or "none"

    @property
    def undated(self) -> Hidden:
        """The part that is shown where no time is set."""
        return self.hidden_before or "points"


class ReleaseSettings(msgspec.Struct, frozen=True):
    """`[release]`: an address from which students' notebooks may install gradpath."""

    packages: str = ""


class Config(msgspec.Struct, frozen=True):
    """The contents of `gradpath.toml`; `due` has times with an offset, by slug."""

    secret: str = ""
    language: str = ""
    check: CheckSettings = CheckSettings()
    due: dict[str, datetime] = {}
    late: LateSettings = LateSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    release: ReleaseSettings = ReleaseSettings()

    def hidden(self, due: datetime | None, now: datetime) -> Hidden:
        """Return the part of an assignment's hidden checks that is shown.

        Args:
            due: when it is due, if a time is set.
            now: the time, with its offset.
        """
        if due is None:
            return self.feedback.undated
        return self.feedback.hidden_after if now >= due else self.feedback.before


def read_config(folder: Path) -> Config:
    """Read the `gradpath.toml` of a folder; the defaults if there is none.

    Raises:
        SettingsError: the file is not TOML, or has a wrong or unknown key.
    """
    path = folder / FILE
    tables = _read(path)
    for name, value in tables.items():
        if name not in Config.__struct_fields__:
            _refuse(path, name, Config.__struct_fields__, is_table=isinstance(value, dict))
    config = Config(
        _text(path, "secret", tables.get("secret", "")),
        _text(path, "language", tables.get("language", "")),
        _table(path, tables, "check", CheckSettings),
        _due(path, tables.get("due", {})),
        _table(path, tables, "late", LateSettings),
        _table(path, tables, "feedback", FeedbackSettings),
        _table(path, tables, "release", ReleaseSettings),
    )
    for slug in config.check.assignments or ():
        _must_exist(path, "check", slug)
    _must_be_possible(path, config.late)
    if config.release.packages and not _ADDRESS.fullmatch(config.release.packages):
        raise SettingsError(
            Message(
                "{path}: [release] packages is to be an address such as https://example.org/packages/",
                path=path,
            )
        )
    return config


def language_of(code: str) -> Language:
    """Return the language of a code, as an option or a setting gives it.

    Raises:
        GradpathError: there are no texts in it here.
    """
    if code not in languages():
        known = choice(code, languages())
        raise GradpathError(
            Message("no texts in the language {code!r}; {known}", code=code, known=known)
        )
    return ENGLISH if code == ENGLISH.code else Language(code)


def find_secret(
    text: str | None, file: Path | None, folder: Path, otherwise: str = _OR_PUBLIC
) -> str:
    """Return the secret: from an option, a file, the environment, or `gradpath.toml`.

    Args:
        text: value of `--secret`.
        file: value of `--secret-file`; the file's first line counts.
        folder: where `gradpath.toml` is looked for; it may have a line `secret = "..."`.
        otherwise: the end of the message that asks for a secret: how to do without.

    Raises:
        GradpathError: there is none.
    """
    if text:
        return text
    if file is not None:
        try:
            lines = file.read_text("utf-8").strip().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise GradpathError(
                Message("the secret cannot be read from {file}: {reason}", file=file, reason=error)
            ) from None
        if not lines:
            raise GradpathError(
                Message("{file} is empty; its first line is to be the secret", file=file)
            )
        return lines[0]
    secret = os.environ.get(VARIABLE) or read_config(folder).secret
    if secret:
        return secret
    raise GradpathError(
        Message(
            "hidden checks need a secret: give --secret TEXT or --secret-file FILE, set "
            '{variable}, or write secret = "..." into {file}{otherwise}',
            variable=VARIABLE,
            file=FILE,
            otherwise=otherwise,
        )
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(
            Message("{path} cannot be read: {reason}", path=path, reason=error.strerror or error)
        ) from None
    except (ValueError, RecursionError) as error:
        # Not TOML or not UTF-8, a number of thousands of digits, or brackets within brackets.
        raise SettingsError(
            Message("{path}: {reason}", path=path, reason=printable(str(error)))
        ) from None


def _text(path: Path, name: str, value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError(
            Message("{path}: {name} is to be a text in quotes", path=path, name=name)
        )
    return value


_Table = TypeVar("_Table", CheckSettings, LateSettings, FeedbackSettings, ReleaseSettings)


def _table(path: Path, tables: Mapping[str, Any], name: str, kind: type[_Table]) -> _Table:
    table = tables.get(name, {})
    for key in table if isinstance(table, dict) else ():
        if key not in kind.__struct_fields__:
            _refuse(path, key, kind.__struct_fields__, Message(" in [{name}]", name=name))
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise SettingsError(
            Message(
                "{path}: in [{name}]: {reason}", path=path, name=name, reason=printable(str(error))
            )
        ) from None


def _refuse(
    path: Path, name: str, known: Sequence[str], where: str = "", *, is_table: bool = False
) -> None:
    """Raise an error about an unknown name that gives the nearest known one."""
    name = printable(name)
    key, table = Message("key `{name}`", name=name), Message("table [{name}]", name=name)
    advice = question(name, known) or Message("there are: {names}", names=", ".join(known))
    raise SettingsError(
        Message(
            "{path}: unknown {shown}{where}; {advice}",
            path=path,
            shown=table if is_table else key,
            where=where,
            advice=advice,
        )
    )


def _due(path: Path, table: object) -> dict[str, datetime]:
    if not isinstance(table, dict):
        raise SettingsError(
            Message("{path}: [due] is to be a table with a time for each assignment", path=path)
        )
    for slug, value in table.items():
        _must_exist(path, "due", slug)
        # A date without a time and a time without an offset are TOML, too.
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise SettingsError(
                Message("{path}: [due] {slug} is to be {time}", path=path, slug=slug, time=A_TIME)
            )
    return table


def _must_exist(path: Path, table: str, slug: str) -> None:
    if slug not in slugs():
        raise SettingsError(
            Message(
                "{path}: in [{table}]: no assignment {slug!r}; there are: {names}",
                path=path,
                table=table,
                slug=printable(slug),
                names=", ".join(slugs()),
            )
        )


def _must_be_possible(path: Path, late: LateSettings) -> None:
    # Chained comparisons are false for nan, which is a number in TOML.
    for name in ("percent_per_day", "percent_at_most", "percent_if_flagged"):
        if not 0 <= (getattr(late, name) or 0) <= 100:
            raise SettingsError(
                Message("{path}: [late] {name} is to be between 0 and 100", path=path, name=name)
            )
    for name in ("grace_minutes", "no_points_after_days"):
        if not 0 <= (getattr(late, name) or 0) < 1e6:
            raise SettingsError(
                Message("{path}: [late] {name} is to be 0 or more", path=path, name=name)
            )
