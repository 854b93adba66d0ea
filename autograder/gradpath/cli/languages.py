"""gradpath languages: the catalogues of the course in other languages, updated or checked."""

from __future__ import annotations

import click


@click.command("languages")
@click.argument("catalogues", nargs=-1, metavar="[CATALOGUE ...]")
@click.option(
    "--language",
    "chosen",
    multiple=True,
    metavar="CODE",
    help="A language, such as zh; one without a folder gets it. Default: all that have one.",
)
@click.option("--check", is_flag=True, help="Write nothing; name each entry that is not in order.")
def command(catalogues: tuple[str, ...], chosen: tuple[str, ...], check: bool) -> int:
    """Bring the catalogues in autograder/gradpath/locale/ up to date with the English texts.

    A new text is added without a translation; where one has changed, its translation is marked
    fuzzy and the former English stands beside it. CATALOGUE is the name of a file without its
    language and suffix. With --check each entry is named that is missing, stale or fuzzy, that has
    other numbers, formulas, code, links or placeholders than its English, or that does not keep the
    glossary and the style of its language. From the catalogue staff/docs, the pages of the
    documentation are made, such as README.zh.md.

    \b
    Examples:
      gradpath languages
      gradpath languages --check mse_sweep staff/mse_sweep
      gradpath languages --language de

    Exit status: 0 in order, 1 with --check when an entry is not, 2 no such catalogue or language.
    """
    from gradpath.authoring.languages.complete import must_have_babel

    must_have_babel()
    from gradpath.authoring.languages import catalogues as files
    from gradpath.authoring.languages.check import check as checked
    from gradpath.authoring.languages.entries import shown

    domains, count = files.chosen(catalogues), 0
    for language in chosen or files.languages():
        if not check:
            for domain in domains:
                for path in files.update(domain, language):
                    click.echo(f"wrote {shown(path)}")
            continue
        reports = [checked(domain, language) for domain in domains]
        for report in reports:
            for finding in report.findings:
                click.echo(finding)
        for report in reports:
            click.echo(
                f"{language} {report.domain.name}: {report.done} of {report.total} entries "
                f"({report.words} words), {len(report.findings)} findings"
            )
        count += sum(len(report.findings) for report in reports)
    return 1 if count else 0
