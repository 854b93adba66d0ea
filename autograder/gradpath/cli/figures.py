"""gradpath figures: the pictures of the texts."""

from __future__ import annotations

import click


@click.command("figures")
@click.argument("slugs", nargs=-1, metavar="[SLUG ...]")
def command(slugs: tuple[str, ...]) -> int:
    """Draw the pictures that the assignments' texts refer to.

    Runs the solutions on the data of the texts and writes assignments/SLUG/figures/*.png. The same
    solutions give the same bytes on every run. Run it after a change to a master.

    \b
    Examples:
      gradpath figures
      gradpath figures rosenbrock

    Exit status: 0 drawn, 2 no such assignment, or its solution is not here.
    """
    from gradpath.authoring.figures import draw
    from gradpath.course.figures import with_pictures

    for slug in slugs or with_pictures():
        for path in draw(slug):
            click.echo(f"wrote {path} ({path.stat().st_size / 1000:.0f} kB)")
    return 0
