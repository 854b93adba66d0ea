"""gradpath record: references and known mistakes as numbers."""

from __future__ import annotations

import click


@click.command("record")
@click.argument("slugs", nargs=-1, metavar="[SLUG ...]")
def command(slugs: tuple[str, ...]) -> int:
    """Record what the solution and the known mistakes give on the public checks, and the skeleton.

    `gradpath check` compares with these numbers, so that a student's machine needs no solution.
    Run it after every change to a master, to public checks or to misconceptions; a test fails when
    a recording is out of step.
    """
    from gradpath.cohort.run import Run
    from gradpath.course import recorded
    from gradpath.course.load import load
    from gradpath.course.load import slugs as all_slugs
    from gradpath.course.master import skeleton_of
    from gradpath.grading.oracle import plan_of
    from gradpath.grading.recorded_oracle import record

    chosen = slugs or all_slugs()
    for slug in chosen:
        load(slug)
    with Run(chosen, "", public_only=True) as run:
        for slug in chosen:
            assignment = run.assignments[slug]
            plan, skeleton = plan_of(assignment, ""), skeleton_of(slug)
            recording = record(assignment.points, plan, run.oracle(slug), skeleton)
            path = recorded.path_of(slug)
            path.write_bytes(recorded.pack(recording))
            click.echo(f"wrote {path} ({path.stat().st_size / 1000:.0f} kB)")
    return 0
