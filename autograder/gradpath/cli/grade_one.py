"""gradpath grade-one: one submission, answered in the form of a course platform."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradpath.cli import answers, options
from gradpath.cli.language import LANGUAGE, speak_in
from gradpath.course.config import CHOICES
from gradpath.errors import GradpathError
from gradpath.frontends.platforms.formats import FORMATS
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from gradpath.course.config import Hidden
    from gradpath.grading.results import Result
    from gradpath.worker.sandbox.layers import Level


@click.command("grade-one")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--as", "name", type=click.Choice(list(FORMATS)), required=True, help="The form.")
@answers.TO
@click.option("--assignment", "slug", metavar="SLUG", help="The assignment, if no name says it.")
@options.HIDDEN
@click.option(
    "--show",
    type=click.Choice(CHOICES),
    help="Shown of hidden checks (default: as gradpath.toml says).",
)
@options.SECRET
@options.SECRET_FILE
@LANGUAGE
@options.REQUIRE_ISOLATION
@options.ALLOW_WEAK_ISOLATION
def command(
    path: Path,
    name: str,
    target: Path | None,
    slug: str | None,
    hidden: bool,
    show: Hidden | None,
    secret: str | None,
    secret_file: Path | None,
    language: str | None,
    required: Level | None,
    allow_weak: bool,
) -> int:
    """Grade one submission, and answer in the form of a course platform.

    FILE is a submission (hand_gradients.py or .ipynb), or a folder with one, as platforms mount
    them. The answer has each check that the student may see, its points and the reason. Of hidden
    checks it has as much as --show or [feedback] in gradpath.toml says; the score has them all.

    \b
      autolab       feedback and scores, a line each          standard output
      classroom50   result.json and release-body.md           standard output, or a folder
      codio         grade, feedback and format                standard output
      coursera      feedback.json                             /shared/feedback.json
      html          a page                                    standard output
      json          the result, for anything else             standard output
      junit         XML for Artemis, CodeGrade, GitLab        standard output
      markus        a line of JSON for each check             standard output
      prairielearn  results.json                              /grade/results/results.json
      submitty      validation_results.json                   validation_results.json
      vocareum      grade.txt and report.txt                  this folder
      vpl           Comment and Grade lines                   standard output

    \b
    Examples:
      gradpath grade-one hand_gradients.py --as junit --public
      gradpath grade-one /grade/student --as prairielearn --assignment rosenbrock --secret-file s
      gradpath grade-one rosenbrock.py --as vpl --secret-file release.secret

    Exit status: 0 when there is an answer, however bad; 2 for wrong words or paths.
    """
    from gradpath.course.config import find_secret, read_config
    from gradpath.frontends.platforms.answer import answer_of

    speak_in(language, for_files=True)
    config = read_config(Path())
    seed = find_secret(secret, secret_file, Path()) if hidden else ""
    result = _graded(path, slug, seed, required, allow_weak=allow_weak)
    due = config.due.get(result.assignment)
    answer = answer_of(result, show or config.hidden(due, datetime.now(UTC)))
    answers.write(FORMATS[name].files(answer), FORMATS[name], target)
    return 0


def _graded(
    path: Path, slug: str | None, secret: str, required: Level | None, *, allow_weak: bool
) -> Result:
    """Grade a file, or the file in a folder; without a secret with the public checks."""
    from gradpath.cohort.run import Run
    from gradpath.course.load import load, slugs
    from gradpath.engine.isolation import level, must_hold
    from gradpath.grading.graded import unreadable
    from gradpath.submissions.find import find_one
    from gradpath.submissions.names import match
    from gradpath.submissions.submission import Submission, of_file

    if not path.exists():
        raise GradpathError(
            Message("{path} does not exist; give a file or a folder with one", path=path)
        )
    named = slug or match(path.name, slugs())[0]
    if named is None:
        raise GradpathError(
            Message("{name} is named after no assignment; give --assignment SLUG", name=path.name)
        )
    assignment = load(named)
    chosen = find_one(path, named) if path.is_dir() else of_file(path, named)
    isolation = level()
    must_hold(isolation, required, hidden=bool(secret), allow_weak=allow_weak)
    if not isinstance(chosen, Submission):
        return unreadable(assignment, "student", "", chosen).result
    with Run([named], secret, public_only=not secret, isolation=isolation) as run:
        return run.grade(chosen).result
