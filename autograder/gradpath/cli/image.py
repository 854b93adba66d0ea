"""gradpath image: the grading image."""

from __future__ import annotations

from pathlib import Path

import click

from gradpath.text.languages import tell
from gradpath.text.messages import Message


@click.group("image")
def command() -> None:
    """Build the image that `gradpath grade --docker` and `otter grade --image` run in."""


@command.command("build", short_help="Build the image.")
@click.option("--tag", metavar="NAME", help="Name of the image (default: gradpath:VERSION).")
@click.option("--base", metavar="IMAGE", help="Base image (default: python:3.11-slim).")
@click.option("--index", default="", metavar="URL", help="Package index for pip.")
@click.option("--torch-index", default="", metavar="URL", help="Index with CPU builds of torch.")
@click.option(
    "--wheelhouse",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Wheels to use before any index.",
)
@click.option(
    "--ca",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Certificates that pip trusts during the build; they do not stay in the image.",
)
def build(
    tag: str | None,
    base: str | None,
    index: str,
    torch_index: str,
    wheelhouse: Path | None,
    ca: Path | None,
) -> int:
    """Build the grading image with CPU torch, otter and this gradpath, solutions included.

    It needs Docker with buildx. The base image must have Python 3.11 or later and Debian's or
    Ubuntu's packages. The secret of the hidden data is not in the image; still, keep the image to
    staff.

    \b
    Examples:
      gradpath image build
      gradpath image build --base python:3.12-slim --tag course/grader:autumn
      gradpath image build --wheelhouse wheels     with all wheels there: without a network

    Exit status: 0 when the image is there; 2 when it was not built, with the reason.
    """
    from gradpath.authoring.release.image import DEFAULT_BASE, BuildOptions, build_image
    from gradpath.cli.terminal import clean, console
    from gradpath.cohort.docker_engine import default_tag

    shown = console()
    name = tag or default_tag()
    build_image(
        BuildOptions(name, base or DEFAULT_BASE, index, torch_index, wheelhouse, ca),
        lambda line: shown.print(clean(line), style="dim", markup=False, soft_wrap=True),
    )
    text = Message("built {name}; use it with: gradpath grade PATH ... --docker {name}", name=name)
    shown.print(tell(text), markup=False)
    return 0
