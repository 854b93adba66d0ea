"""The command line. Each command lies in a module of its own, imported when it is called."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Final

import click

from gradpath import __version__
from gradpath.cli.language import speak_first
from gradpath.errors import GradpathError, InterruptedRunError
from gradpath.text import printable, question
from gradpath.text.languages import ENGLISH, tell
from gradpath.text.messages import Message, template

_COMMANDS: Final = {
    # name: (module, and attribute if it is not `command`; one line for the overview)
    "check": ("check", template("Check your own files with the public checks.")),
    "grade": ("grade", template("Grade submissions: files, folders of students, zips.")),
    "grade-one": ("grade_one", template("Grade one submission in the form of a course platform.")),
    "merge": ("merge", template("Put shards together that machines of a cluster have graded.")),
    "slurm": ("slurm", template("Grade a cohort on a Slurm cluster, in an array job.")),
    "feedback": ("feedback", template("Write each student's page, with reasons and pictures.")),
    "report": (
        "report",
        template("Make a page for staff about a run: scores, checks, misconceptions."),
    ),
    "interview": (
        "interview",
        template("Make sheets for short talks about submissions, with answers."),
    ),
    "export": ("export", template("Write points for Canvas, Moodle or Gradescope, or as JSON.")),
    "post": ("post", template("Post points and pages to Canvas, after a list and a yes.")),
    "new": ("author:new", template("Write the files of a new assignment.")),
    "verify": ("verify", template("Prove that the graders tell right from wrong.")),
    "nbgrader": ("nbgrader", template("Grade a course that lives in nbgrader, in parallel.")),
    "image": ("image", template("Build the image for grading in Docker.")),
    "release": ("release", template("Make the bundles for students, otter and staff.")),
    "doctor": ("doctor", template("Say what this machine can do.")),
    "documented": (
        "author:documented",
        template("Show that the documented figures are reproduced."),
    ),
    "figures": ("author:figures", template("Draw the pictures of the assignments' texts.")),
    "play": ("author:play", template("Make the pages to play with, to look at them.")),
    "skeletons": ("author:skeletons", template("Generate skeletons and texts from the masters.")),
    "languages": ("languages", template("Update or check the catalogues of other languages.")),
    "record": (
        "author:record",
        template("Record references and known mistakes for students' machines."),
    ),
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
            near = question(name, self.list_commands(ctx))
            if near:
                text = Message("No such command '{name}'; {question}", name=name, question=near)
                raise click.UsageError(tell(text), ctx)
            return None
        if not _is_here(name):
            raise GradpathError(
                Message(
                    "this is the student edition, which has no `gradpath {name}`; check your files "
                    "with `gradpath check`",
                    name=name,
                )
            )
        module, attribute = _place(name)
        command: click.Command = getattr(
            importlib.import_module(f"gradpath.cli.{module}"), attribute
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(tell(Message("Commands"))):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(ctx)])


_ABOUT: Final = template("Auto-graded coursework on gradient descent and backpropagation.")
_FOR_STUDENTS: Final = template(
    "Run `gradpath check` in the folder with your files. It says how far you are, and the next "
    "thing to do."
)
_FOR_STAFF: Final = template(
    "Students run `gradpath check` in the folder with their files. Staff run `gradpath grade` on "
    "what was handed in. Authors run `gradpath verify` after every change to an assignment."
)


@click.group(
    cls=_Commands,
    help=f"{_ABOUT}\n\n{_FOR_STAFF if _is_here('grade') else _FOR_STUDENTS}",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`gradpath COMMAND --help` explains a command with examples.",
)
@click.version_option(__version__, prog_name="gradpath")
def cli() -> None:
    """The command `gradpath`."""


def main() -> None:
    """Run the command line: exit status 0 done, 1 a check failed, 2 wrong words or files."""
    language = speak_first(sys.argv[1:])
    if language is not ENGLISH:
        from gradpath.cli.help import translate_click

        translate_click()
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        from gradpath.cli.help import about_wrong_words

        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "gradpath"
        click.echo(f"gradpath: {language.text(about_wrong_words(error, path))}", err=True)
        sys.exit(2)
    except GradpathError as error:
        # One line, even where a file's name has line breaks.
        click.echo(f"gradpath: {printable(language.text(error.message))}", err=True)
        sys.exit(2)
    except InterruptedRunError as error:
        click.echo(f"gradpath: {language.text(error.message)}", err=True)
        sys.exit(130)
    except (click.Abort, KeyboardInterrupt):
        text = Message("interrupted; nothing was written")
        click.echo(f"gradpath: {language.text(text)}", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Somebody closed the pipe, as `| head` does: not worth a traceback.
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)
