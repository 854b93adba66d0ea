"""Shards of a cohort, graded by themselves, and merged into the bytes of one run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gradpath.cohort.shards import Shard, shard_of
from gradpath.cohort.store import Store
from gradpath.errors import GradpathError
from gradpath.submissions.submission import MAX_SCRIPT
from tests.conftest import ROOT, Command
from tests.support.stored_runs import GRADPATH, SECRET, SLUG, grade, one_line, write_cohort, written

COUNT = 3
LATE = """\
[due]
mse_sweep = 2026-11-20T12:00:00+00:00

[late]
percent_per_day = 10
times = "times.csv"
"""
TIMES = "student,submitted\n" + "".join(
    f"s00{number},2026-11-{19 + number % 3}T13:00:00+00:00\n" for number in range(9)
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cohort, a late policy, one run of all of it and its shards."""
    folder = tmp_path_factory.mktemp("shards")
    write_cohort(folder / "cohort", 9)
    (folder / "cohort" / "s007" / f"{SLUG}.py").write_text("def forward(x, w)\n")
    (folder / "cohort" / "s008" / f"{SLUG}.py").write_text("#" * (MAX_SCRIPT + 1))
    (folder / "gradpath.toml").write_text(f'secret = "{SECRET}"\n\n{LATE}')
    (folder / "times.csv").write_text(TIMES)
    (folder / "release.secret").write_text(f"{SECRET}\n")
    run(folder, "--out", "whole")
    for number in range(COUNT):
        follow("JOB_COMPLETION_INDEX", folder, number)
    return folder


def recipe(variable: str) -> str:
    """Return the command of the docs for an array job that counts its tasks in a variable."""
    text = (ROOT / "docs" / "scale.md").read_text("utf-8")
    (found,) = re.findall(
        rf"exec (gradpath grade [^{{}}]*?{variable}[^{{}}]*?)(?:resources:|\"\])", text
    )
    return " ".join(found.split())


def follow(variable: str, folder: Path, number: int) -> None:
    """Run that command as the task of a number, in a folder with the cohort and the secret."""
    words = recipe(variable).replace("/course/submissions", "cohort").replace("/16", f"/{COUNT}")
    done = subprocess.run(
        ["sh", "-c", words.replace("/course/", "").replace("/secret/", "")],
        cwd=folder,
        env={
            **os.environ,
            variable: str(number),
            "PATH": f"{GRADPATH.parent}:{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def run(folder: Path, *words: object) -> None:
    """Grade the cohort with the secret of the folder's gradpath.toml."""
    done = grade("cohort", *words, cwd=folder, GRADPATH_SECRET="")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def shards(graded: Path, tmp_path: Path) -> Path:
    """A copy of the folder, to break something in."""
    folder = tmp_path / "copy"
    shutil.copytree(graded, folder)
    return folder


def merge(in_process: Command, folder: Path, *shards: object) -> subprocess.CompletedProcess[str]:
    """Merge shards of submissions that have been moved."""
    words = ("--submissions", "cohort", "--out", "merged")
    return in_process("merge", *shards, *words, cwd=folder)


def parts(folder: Path) -> list[Path]:
    return [folder / "shards" / str(number) for number in range(COUNT)]


def test_the_parts_are_those_of_the_hash() -> None:
    assert [shard_of("s01", "mse_sweep", count).number for count in (1, 2, 8)] == [0, 1, 1]
    counted = [0] * 8
    for number in range(8_000):
        counted[shard_of(f"s{number}", "mse_sweep", 8).number] += 1
    assert min(counted) > 850
    assert shard_of("\udcff", "mse_sweep", 8) == Shard.read(str(shard_of("\udcff", "mse_sweep", 8)))


@pytest.mark.parametrize("text", ["8/8", "-1/8", "1", "1/0", "a/b", "1/8/2", "1 /8", ""])
def test_no_part(text: str) -> None:
    with pytest.raises(GradpathError, match="is no part"):
        Shard.read(text)


def test_the_recipes_are_of_one_command() -> None:
    kubernetes, batch = map(recipe, ("JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"))
    words = kubernetes.replace("JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX").replace('"', "")
    # Its secret comes in the environment, and the level is for the job definition to say.
    secret = " --require-isolation B --secret-file /secret/release.secret"
    assert words.removesuffix(secret) == batch


def test_merged_they_are_the_bytes_of_one_run(
    graded: Path, in_process: Command, tmp_path: Path
) -> None:
    out = tmp_path / "merged"
    done = in_process("merge", *reversed(parts(graded)), "--out", out, cwd=graded)
    assert done.returncode == 0, done.stderr
    assert written(out) == written(graded / "whole")
    assert b"hours late: 10 % off" in written(out)[0]
    assert b" late" not in b"".join(written(part)[0] for part in parts(graded))
    sizes = [len(written(part)[0].splitlines()) for part in parts(graded)]
    assert (sum(sizes), sum(map(bool, sizes))) == (9, 2)  # one shard is empty
    with Store(out) as store, Store(graded / "whole") as whole:
        assert store.published().keys() == whole.published().keys()
        for name in store.published():
            one, other = store.kept(*name), whole.kept(*name)
            assert one is not None
            assert other is not None
            assert (one.source(), one.packed_runs) == (other.source(), other.packed_runs)


def test_a_later_run_takes_all_of_it_over(shards: Path, in_process: Command) -> None:
    assert merge(in_process, shards, *parts(shards)).returncode == 0
    done = in_process("grade", "cohort", "--out", "merged", cwd=shards)
    assert done.returncode == 0, done.stderr
    assert "taken over: 9 unchanged" in done.stdout
    assert written(shards / "merged") == written(shards / "whole")


def test_a_shard_that_two_folders_have_counts_once(shards: Path, in_process: Command) -> None:
    shutil.copytree(shards / "shards" / "1", shards / "again")
    done = merge(in_process, shards, *parts(shards), "again")
    assert done.returncode == 0, done.stderr
    assert written(shards / "merged") == written(shards / "whole")


def left_out(folder: Path) -> list[Path]:
    return parts(folder)[:-1]


def no_shard(folder: Path) -> list[Path]:
    return [*parts(folder), folder / "whole"]


def no_run(folder: Path) -> list[Path]:
    return [*parts(folder), folder / "cohort"]


def of_another_number(folder: Path) -> list[Path]:
    run(folder, "--out", "other", "--shard", "0/2")
    return [*parts(folder), folder / "other"]


def of_another_secret(folder: Path) -> list[Path]:
    run(folder, "--out", "other", "--shard", f"0/{COUNT}", "--secret", "another")
    return [folder / "other", *parts(folder)[1:]]


def changed(folder: Path) -> list[Path]:
    (folder / "cohort" / "s003" / f"{SLUG}.py").write_text("x = 1\n")
    return parts(folder)


def handed_in_later(folder: Path) -> list[Path]:
    shutil.copytree(folder / "cohort" / "s003", folder / "cohort" / "s100")
    return parts(folder)


def gone(folder: Path) -> list[Path]:
    shutil.rmtree(folder / "cohort" / "s003")
    return parts(folder)


def edited(folder: Path) -> list[Path]:
    path = folder / "shards" / "0" / "results.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"score":', b'"score":1', 1))
    return parts(folder)


def unfinished(folder: Path) -> list[Path]:
    with Store(folder / "shards" / "2") as store:
        run = store.last_run()
        assert run
        store.begin(run.__class__(run.request, run.proof, run.contents, run.fingerprint, "now"))
    return parts(folder)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (left_out, "missing: shard 2/3"),
        (no_shard, "whole has no shard, but a run of all submissions"),
        (no_run, "there is no shard in"),
        (of_another_number, "another number of shards"),
        (of_another_secret, "this is not the secret that"),
        (changed, "s003 / mse_sweep in"),
        (handed_in_later, "no shard has s100 / mse_sweep (shard"),
        (gone, "is no longer among the submissions"),
        (edited, "results.jsonl is not as `gradpath grade` wrote it"),
        (unfinished, "shard 2/3 in"),
    ],
)
def test_shards_that_do_not_fit_write_nothing(
    broken: object, says: str, shards: Path, in_process: Command
) -> None:
    assert callable(broken)
    done = merge(in_process, shards, *broken(shards))
    *notes, last = done.stderr.splitlines()  # a note about times of names that are not here
    assert says in one_line(subprocess.CompletedProcess([], done.returncode, "", last)), notes
    assert not (shards / "merged").exists()


@pytest.mark.parametrize("out", ["cohort", "cohort/merged"])
def test_the_folder_of_submissions_gets_no_results(
    out: str, graded: Path, in_process: Command
) -> None:
    before = sorted((graded / "cohort").iterdir())
    line = one_line(in_process("merge", *parts(graded), "--out", out, cwd=graded))
    assert f"{out} is the folder of submissions, or lies in it" in line
    assert sorted((graded / "cohort").iterdir()) == before


def test_a_shard_is_not_compared(in_process: Command, tmp_path: Path) -> None:
    words = ("--out", "out", "--shard", "0/2", "--regrade")
    assert "merge all shards" in one_line(in_process("grade", ".", *words, cwd=tmp_path))


def test_a_shard_is_continued_as_such(shards: Path, in_process: Command) -> None:
    unfinished(shards)
    done = in_process("grade", "--resume", "--out", "shards/2", "--shard", "1/3", cwd=shards)
    assert "other --shard" in one_line(done)
    done = in_process("grade", "--resume", "--out", "shards/2", cwd=shards)
    assert done.returncode == 0, done.stderr
    assert merge(in_process, shards, *parts(shards)).returncode == 0
    assert written(shards / "merged") == written(shards / "whole")
