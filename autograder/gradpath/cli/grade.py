"""gradpath grade: submissions in, results out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from rich.console import Console

from gradpath.cli import options
from gradpath.cli.language import LANGUAGE, speak_in
from gradpath.cli.terminal import console, print_note, progress
from gradpath.text.languages import tell as told
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from gradpath.cohort.grade import Callbacks, FinishedBefore, Outcome
    from gradpath.cohort.shards import Shard
    from gradpath.worker.sandbox.layers import Level


def _shard(context: click.Context, option: click.Parameter, text: str | None) -> Shard | None:
    from gradpath.cohort.shards import Shard

    return None if text is None else Shard.read(text)


@click.command("grade")
@click.argument("paths", nargs=-1, metavar="PATH ...", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for what is written; it is made if it is missing.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 256),
    help="Submissions graded at a time (default: cores).",
)
@click.option("--assignment", "only", metavar="SLUG", multiple=True, help="Only this assignment.")
@options.HIDDEN
@options.SECRET
@options.SECRET_FILE
@click.option(
    "--docker",
    "image",
    metavar="[IMAGE]",
    is_flag=False,
    flag_value="",
    help="Grade in a container of this image (default: gradpath:VERSION).",
)
@LANGUAGE
@options.REQUIRE_ISOLATION
@options.ALLOW_WEAK_ISOLATION
@click.option("--without-layer", "without", metavar="LAYER", multiple=True, hidden=True)
@click.option("--fresh", is_flag=True, help="Grade everything again, unchanged or not.")
@click.option("--resume", is_flag=True, help="Go on with the run in DIR that was interrupted.")
@click.option("--regrade", is_flag=True, help="Only show who would gain or lose points.")
@click.option(
    "--shard",
    metavar="I/N",
    callback=_shard,
    help="Only part I of N, counted from 0; `gradpath merge` puts the parts together.",
)
@click.option("--explain", is_flag=True, help="Print the reason for every lost point.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    out: Path | None,
    jobs: int | None,
    only: tuple[str, ...],
    hidden: bool,
    secret: str | None,
    secret_file: Path | None,
    image: str | None,
    language: str | None,
    required: Level | None,
    allow_weak: bool,
    without: tuple[str, ...],
    fresh: bool,
    resume: bool,
    regrade: bool,
    shard: Shard | None,
    explain: bool,
) -> int:
    """Grade submissions and write DIR/results.jsonl and DIR/grades.csv.

    PATH is a submission (hand_gradients.py or .ipynb), a folder with one folder for each student,
    one student's folder, or a zip of any of these. Every submission gets a result, whether it runs
    or not, and no other submission notices.

    The hidden checks use random data that a secret seeds: the same secret gives the same data and
    the same results, byte for byte. Give it with --secret or --secret-file, in the variable
    GRADPATH_SECRET, or as `secret = "..."` in a file gradpath.toml in this folder.

    With --docker, written after the PATHs, submissions run in one container without a network that
    cannot write anything; build its image once with `gradpath image build`. The results are the
    same.

    Submissions are kept apart from the grader and from each other as well as the machine allows.
    The level is printed, logged and recorded in each result. Below level B hostile code could find
    out about hidden checks, so these need --allow-weak-isolation there.

    Each result is stored in DIR/results.sqlite as it comes. Submissions that have not changed under
    an unchanged grader and secret are not graded again, unless --fresh is given. A run that was
    interrupted goes on with --resume, which needs no PATHs, and gives the same files.
    After the grader or the secret has changed, --regrade shows whose points would change and writes
    DIR/regrade.csv; results.jsonl and grades.csv stay as they are until you grade without it.

    \b
    Examples:
      gradpath grade submissions --out results --secret-file release.secret
      gradpath grade cohort.zip --out results --assignment rosenbrock --explain
      gradpath grade s01/hand_gradients.py --out results --public
      gradpath grade submissions --out results --secret-file release.secret --docker
      gradpath grade --resume --out results
      gradpath grade submissions --out results --secret-file release.secret --regrade
      gradpath grade submissions --out shards/2 --secret-file release.secret --shard 2/8

    Exit status: 0 when every submission got a result, however bad; 2 for wrong words or paths.
    """
    from gradpath.cohort import grade as cohort
    from gradpath.cohort.request import GradeRequest

    out = _checked_out(context, paths, out, image)
    request = GradeRequest(
        paths=paths,
        out=out,
        folder=Path.cwd(),
        only=only,
        public_only=not hidden,
        secret=secret or "",
        secret_file=secret_file and secret_file.absolute(),
        image=image,
        jobs=jobs,
        regrade=regrade,
        fresh=fresh,
        required=required,
        allow_weak=allow_weak,
        without=without,
        shard=shard,
        language=speak_in(language),
    )
    request.must_lie_apart(out)
    shown = console()
    tell = _callbacks(shown)
    typed = _typed(context)
    outcome = cohort.resume(request, typed, tell) if resume else cohort.grade(request, tell)
    _print_end(outcome, out, shown, explain=explain)
    return 0


def _checked_out(
    context: click.Context, paths: Sequence[Path], out: Path | None, image: str | None
) -> Path:
    """Return the output folder, after refusing words that do not go together."""
    from gradpath.course.load import load
    from gradpath.errors import GradpathError

    resume = context.params["resume"]
    if not paths and not resume:
        if image and Path(image).exists():
            from gradpath.cohort.docker import missing_image

            raise GradpathError(missing_image(image))
        raise click.UsageError(told(Message("Missing argument 'PATH ...'")), context)
    if out is None:  # asked for after the PATHs, which are the first thing to type
        raise click.UsageError(told(Message("Missing option '--out'")), context)
    if context.params["regrade"] and context.params["shard"]:
        raise GradpathError(
            Message("a shard cannot be compared; merge all shards, and give --regrade there")
        )
    if context.params["fresh"] and resume:
        raise GradpathError(
            Message("--fresh grades everything again and --resume does not; give only one")
        )
    for slug in context.params["only"]:
        load(slug)
    if out.exists() and not out.is_dir():
        raise GradpathError(Message("{out} is a file; --out needs a folder", out=out))
    return out


def _typed(context: click.Context) -> set[str]:
    """Return the fields of the request that were typed."""
    source = context.get_parameter_source
    typed = {name for name in context.params if source(name) is ParameterSource.COMMANDLINE}
    return typed | {"public_only"} if "hidden" in typed else typed


def _callbacks(shown: Console) -> Callbacks:
    """Return the callbacks that print while a cohort is graded."""
    from gradpath.cohort.grade import Callbacks

    @contextmanager
    def grading(total: int) -> Iterator[Callable[[], None]]:
        done = 0
        with progress(told(Message("grading")), total, shown) as bar:

            def tick() -> None:
                nonlocal done
                done += 1
                if bar is not None:
                    bar.advance(bar.task_ids[0])
                elif done % 100 == 0 or done == total:
                    line = Message("graded {done} of {total}", done=done, total=total)
                    shown.print(told(line))

            yield tick

    return Callbacks(
        note=print_note(console(stderr=True)),
        taken_over=lambda count: shown.print(
            told(Message("taken over: {count} unchanged", count=count))
        ),
        grading=grading,
    )


def _print_end(
    outcome: Outcome | FinishedBefore, out: Path, shown: Console, *, explain: bool
) -> None:
    from gradpath.cli.summary import print_outcome
    from gradpath.cohort.grade import FinishedBefore

    if isinstance(outcome, FinishedBefore):
        shown.print(
            told(
                Message(
                    "the run in {out} was finished at {time}, so there is nothing to continue; "
                    "grade without --resume if submissions have changed since",
                    out=out,
                    time=outcome.at,
                )
            ),
            markup=False,
        )
    else:
        print_outcome(outcome, out, shown, explain=explain)
