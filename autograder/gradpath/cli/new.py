"""gradpath new: the files of a new assignment."""

from __future__ import annotations

import click


@click.command("new")
@click.argument("slug", metavar="SLUG")
@click.option("--title", metavar="TEXT", default="", help="What students and course sites read.")
def command(slug: str, title: str) -> int:
    """Write the files of a new assignment into this checkout.

    SLUG names the module that students hand in: small letters, digits and underscores. The files
    hold one function that is worked out, with its checks and a known mistake, and blanks marked
    TODO(author). `gradpath verify SLUG` names each blank that is left; docs/authoring.md goes from
    here to a release.

    \b
    Examples:
      gradpath new weight_decay
      gradpath new weight_decay --title "Weight decay: a pull towards zero"

    Exit status: 0 written, 2 not, with the reason.
    """
    from gradpath.authoring.blanks import blanks_of
    from gradpath.authoring.new import write_assignment
    from gradpath.course.settings import course_root

    for path in write_assignment(slug, title):
        click.echo(f"wrote {path.relative_to(course_root())}")
    count = len(blanks_of(slug))
    click.echo(f"{count} blanks are marked TODO(author): `gradpath verify {slug}` names them")
    return 0
