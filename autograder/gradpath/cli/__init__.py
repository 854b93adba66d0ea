"""The command line. Each command lies in a module of its own, imported when it is called."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Final

import click

from gradpath import __version__
from gradpath.errors import GradpathError, InterruptedRunError
from gradpath.text import printable, suggestion
from gradpath.text.languages import tell

_COMMANDS: Final = {
    # name: (module, and attribute if it is not `command`; one line for the overview)
    "check": ("check", "Check your own files with the public checks."),
    "grade": ("grade", "Grade submissions: files, folders of students, zips."),
    "grade-one": ("grade_one", "Grade one submission in the form of a course platform."),
    "merge": ("merge", "Put shards together that machines of a cluster have graded."),
    "slurm": ("slurm", "Grade a cohort on a Slurm cluster, in an array job."),
    "feedback": ("feedback", "Write each student's page, with reasons and pictures."),
    "report": ("report", "Make a page for staff about a run: scores, checks, misconceptions."),
    "interview": ("interview", "Make sheets for short talks about submissions, with answers."),
    "export": ("export", "Write points for Canvas, Moodle or Gradescope, or as JSON."),
    "post": ("post", "Post points and pages to Canvas, after a list and a yes."),
    "new": ("author:new", "Write the files of a new assignment."),
    "verify": ("verify", "Prove that the graders tell right from wrong."),
    "nbgrader": ("nbgrader", "Grade a course that lives in nbgrader, in parallel."),
    "image": ("image", "Build the image for grading in Docker."),
    "release": ("release", "Make the bundles for students, otter and staff."),
    "doctor": ("doctor", "Say what this machine can do."),
    "documented": ("author:documented", "Show that the documented figures are reproduced."),
    "figures": ("author:figures", "Draw the pictures of the assignments' texts."),
    "play": ("author:play", "Make the pages to play with, to look at them."),
    "skeletons": ("author:skeletons", "Generate skeletons and texts from the masters."),
    "languages": ("languages", "Update or check the catalogues of other languages."),
    "record": ("author:record", "Record references and known mistakes for students' machines."),
}


def _is_here(name: str) -> bool:
    """Tell whether this edition has a command: students' has no modules of staff's commands."""
    return (Path(__file__).parent / f"{_place(name)[0]}.py").is_file()


def _place(name: str) -> tuple[str, str]:
    """Return a command's module and its attribute there."""
    module, _, attribute = _COMMANDS[name][0].partition(":")
    return module, attribute or "command"


class _Commands(click.Group):
    """A group that imports a command only when it is needed: `check` has to start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(filter(_is_here, _COMMANDS))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            near = suggestion(name, self.list_commands(ctx)).rstrip()
            if near:
                raise click.UsageError(f"No such command '{name}'; {near}", ctx)
            return None
        if not _is_here(name):
            raise GradpathError(
                f"this is the student edition, which has no `gradpath {name}`; check your files "
                "with `gradpath check`"
            )
        module, attribute = _place(name)
        command: click.Command = getattr(
            importlib.import_module(f"gradpath.cli.{module}"), attribute
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(ctx)])


_FOR_STUDENTS: Final = """Auto-graded coursework on gradient descent and backpropagation.

Run `gradpath check` in the folder with your files. It says how far you are, and the next thing to
do.
"""
_FOR_STAFF: Final = """Auto-graded coursework on gradient descent and backpropagation.

Students run `gradpath check` in the folder with their files. Staff run `gradpath grade` on what was
handed in. Authors run `gradpath verify` after every change to an assignment.
"""


@click.group(
    cls=_Commands,
    help=_FOR_STAFF if _is_here("grade") else _FOR_STUDENTS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`gradpath COMMAND --help` explains a command with examples.",
)
@click.version_option(__version__, prog_name="gradpath")
def cli() -> None:
    """The command `gradpath`."""


def main() -> None:
    """Run the command line: exit status 0 done, 1 a check failed, 2 wrong words or files."""
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "gradpath"
        message = printable(
            error.format_message().replace("\n\t", " ").replace("\n", " ").rstrip(".")
        )
        click.echo(f"gradpath: {message}; `{path} --help` explains", err=True)
        sys.exit(2)
    except GradpathError as error:
        # One line, even where a file's name has line breaks.
        click.echo(f"gradpath: {printable(tell(error.message))}", err=True)
        sys.exit(2)
    except InterruptedRunError as error:
        click.echo(f"gradpath: {error}", err=True)
        sys.exit(130)
    except (click.Abort, KeyboardInterrupt):
        click.echo("gradpath: interrupted; nothing was written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Somebody closed the pipe, as `| head` does: not worth a traceback.
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)
