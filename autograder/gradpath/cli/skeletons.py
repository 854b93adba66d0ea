"""gradpath skeletons: what is generated from the masters into git."""

from __future__ import annotations

import click


@click.command("skeletons")
@click.argument("slugs", nargs=-1, metavar="[SLUG ...]")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is out of step.")
def command(slugs: tuple[str, ...], check: bool) -> int:
    """Generate assignments/SLUG/SLUG.py and README.md from the masters in solutions/.

    Exit status: 0 in step, 1 with --check when a file differs, 2 no such assignment.
    """
    from gradpath.course.load import must_exist
    from gradpath.course.load import slugs as all_slugs
    from gradpath.course.master import generated_files

    stale = False
    for slug in slugs or all_slugs():
        must_exist(slug)  # no more than that: its checks may still be to be written
        for path, text in generated_files(slug).items():
            if path.is_file() and path.read_text("utf-8") == text:
                continue
            stale = True
            if check:
                click.echo(f"{path} is out of step with the master; run `gradpath skeletons`")
            else:
                path.write_text(text, "utf-8")
                click.echo(f"wrote {path}")
    return 1 if check and stale else 0
