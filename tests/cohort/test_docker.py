"""Grading in a container: the real image in a real engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradpath import __version__
from gradpath.authoring.release.image import VERSION_LABEL
from gradpath.cohort.docker import CAPABILITIES, ContainerRun
from gradpath.cohort.docker_engine import default_tag
from gradpath.cohort.request import GradeRequest
from gradpath.course.load import slugs
from gradpath.course.master import solution_of
from gradpath.worker.confine import FIRST_UID
from tests.conftest import ROOT, Command
from tests.support import stored_runs
from tests.support.docker_image import BASE, engine, image
from tests.support.shared import DEMO_SECRET, Demo
from tests.support.stored_runs import (
    GRADPATH,
    SECRET,
    but_for_isolation,
    grade,
    stored,
    taken_over,
    written,
)

pytestmark = pytest.mark.docker

WRITTEN = ("grade.log", "grades.csv", "results.jsonl", "results.sqlite")
WRONG = "def forward(x, w):\n    return x + w\n"
SLOW = f"import time\n\ntime.sleep(6)\n\n{WRONG}"


def docker(*words: str, check: bool = True) -> str:
    done = subprocess.run([engine(), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not check, done.stderr
    return done.stdout.strip()


def containers_with(folder: Path) -> list[dict[str, Any]]:
    """Return the output of `docker inspect` for the containers that mount something of a folder."""
    found = []
    for container in docker("ps", "--all", "--quiet").split():
        text = docker("inspect", container, check=False)
        for seen in json.loads(text or "[]"):
            if any(mount["Source"].startswith(str(folder)) for mount in seen["Mounts"]):
                found.append(seen)
    return found


def wait_for(folder: Path, *, running: bool) -> list[dict[str, Any]]:
    """Wait until a container mounts something of the folder, or until none does any more."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        seen = containers_with(folder)
        if running and any(each["State"]["Running"] for each in seen):
            return seen
        if not running and not seen:
            return seen
        time.sleep(0.2)
    raise AssertionError(f"still waiting for a container: running={running}")


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the only line of an error; the command has ended with status 2."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("gradpath: ")
    return line


@pytest.fixture
def single(tmp_path: Path) -> Path:
    """A cohort of one wrong file."""
    path = tmp_path / "cohort" / "s01" / "mse_sweep.py"
    path.parent.mkdir(parents=True)
    path.write_text(WRONG)
    return tmp_path / "cohort"


def test_the_same_results_for_the_demo_cohort(
    gradpath: Command, demo: Demo, tmp_path: Path
) -> None:
    """The same words, too, about a few of it, in which every kind of result occurs."""
    demo.copy_few(tmp_path / "submissions")
    words = ("--out", "results", "--secret", DEMO_SECRET, "--explain", "--docker", image())
    done = gradpath("grade", "submissions", *words)
    assert done.returncode == 0, done.stderr
    assert "traceback" not in done.stderr.lower()
    there = but_for_isolation(tmp_path / "results")
    assert {result["status"] for result in there} == {"graded", "unreadable"}
    here = but_for_isolation(demo.folder / "results")
    assert there == [result for result in here if key(result) in set(map(key, there))]
    assert len(there) >= len(demo.few)
    written = list((tmp_path / "results").iterdir())
    assert {path.name for path in written} == set(WRITTEN)
    assert {path.stat().st_uid for path in written} == {os.getuid()}
    told = explained(done.stdout)
    assert told.keys() == set(map(key, there))
    everything = explained(demo.printed)
    assert told == {named: everything[named] for named in told}


def key(result: dict[str, Any]) -> tuple[str, str]:
    """Return the student and the assignment."""
    return result["student"], result["assignment"]


def explained(printed: str) -> dict[tuple[str, str], str]:
    """Return the text that `--explain` prints about each submission."""
    found = re.findall(r"^(s\d\d) / (\w+)(.*?)(?=\n\n|\ns\d\d / )", printed, re.M | re.S)
    return {(student, slug): text for student, slug, text in found}


def test_the_same_results_for_paths_of_every_kind(gradpath: Command, tmp_path: Path) -> None:
    """Equal names in different folders, links, zips, and names that need care on a command line."""
    right, broken = solution_of("mse_sweep"), "def forward(x, w)\n"
    for path, text in {
        "one/s01/mse_sweep.py": right,
        "two/s02/mse_sweep.py": WRONG,
        'a, "b" c/s03/mse_sweep/mse_sweep.py': WRONG,
        "umläut=x;y/s04/Mse_Sweep (1).py": broken,
        "umläut=x;y/s04/rosenbrock.py": "",
        "umläut=x;y/s04/notes.py": "",
        "kept/elsewhere.py": WRONG,
    }.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    for folder, student in (("one", "s06"), ("two", "s07")):
        with zipfile.ZipFile(tmp_path / folder / "all.zip", "w") as archive:
            archive.writestr(f"{student}/mse_sweep.py", WRONG)
    (tmp_path / "s08").mkdir()
    (tmp_path / "s08" / "mse_sweep.py").symlink_to(tmp_path / "kept" / "elsewhere.py")
    (tmp_path / "linked").symlink_to(tmp_path / "umläut=x;y")
    paths = ["one/s01/mse_sweep.py", "two/s02/mse_sweep.py", 'a, "b" c/s03/mse_sweep', "linked"]
    paths += ["one/all.zip", "two/all.zip", "s08/mse_sweep.py"]
    said = []
    for out, more in (("here", []), ("there", ["--docker", image()])):
        words = ["--out", out, "--public", "--assignment", "mse_sweep", "--jobs", "1"]
        done = gradpath("grade", *paths, *words, *more)
        assert done.returncode == 0, done.stderr
        said.append(done.stderr)
    results = but_for_isolation(tmp_path / "here")
    assert results == but_for_isolation(tmp_path / "there")
    students = [result["student"] for result in results]
    assert students == ["kept", "s01", "s02", "s03", "s04", "s06", "s07"]
    assert said[0] == said[1]
    assert "notes.py" in said[0]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`gradpath grade --docker` while it waits for a slow submission."""
    path = tmp_path / "cohort" / "s01" / "mse_sweep.py"
    path.parent.mkdir(parents=True)
    path.write_text(SLOW)
    process = subprocess.Popen(
        [GRADPATH, "grade", "cohort", "--out", "out", "--docker", image()],
        cwd=tmp_path,
        env={**os.environ, "GRADPATH_SECRET": SECRET},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests in the background may have Ctrl-C ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    yield process
    process.kill()
    process.communicate()


def test_the_container_is_closed_and_does_not_show_the_secret(
    running: subprocess.Popen[str], tmp_path: Path
) -> None:
    (seen,) = wait_for(tmp_path, running=True)
    commands = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert seen["Name"].lstrip("/") in commands.stdout  # docker's own command is among these
    assert SECRET not in commands.stdout
    assert SECRET not in json.dumps(seen)
    host = seen["HostConfig"]
    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert sorted(name.removeprefix("CAP_") for name in host["CapAdd"]) == list(CAPABILITIES)
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert not host["Privileged"]
    assert list(host["Tmpfs"]) == ["/tmp"]
    assert [mount["RW"] for mount in seen["Mounts"]] == [False]
    assert running.wait(120) == 0
    wait_for(tmp_path, running=False)


def test_an_interrupt_removes_the_container(running: subprocess.Popen[str], tmp_path: Path) -> None:
    wait_for(tmp_path, running=True)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert re.fullmatch(r"gradpath: interrupted; .*", said.strip())
    assert not containers_with(tmp_path)
    assert not (tmp_path / "out" / "results.jsonl").exists()


def test_the_container_ends_with_a_killed_grader(
    running: subprocess.Popen[str], tmp_path: Path
) -> None:
    wait_for(tmp_path, running=True)
    running.kill()
    wait_for(tmp_path, running=False)
    assert not (tmp_path / "out" / "results.jsonl").exists()


def test_what_was_graded_in_a_container_is_not_graded_again(single: Path, tmp_path: Path) -> None:
    """Its container is killed in the middle; the next one gets the other submissions."""
    for student, text in (("s02", WRONG.replace("+", "-")), ("s03", SLOW), ("s04", "")):
        (single / student).mkdir()
        (single / student / "mse_sweep.py").write_text(text)
    words = ["cohort", "--jobs", 1, "--docker", image()]
    process = stored_runs.start(*words, "--out", "out", cwd=tmp_path)
    while stored(tmp_path / "out") < 2:
        assert process.poll() is None
        time.sleep(0.1)
    (seen,) = containers_with(single)
    docker("kill", seen["Id"])
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert re.fullmatch(r"gradpath: .*status 137 .*--resume --out out`\n", said)
    done = grade("--resume", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    again = grade(*words, "--out", "out", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert taken_over(tmp_path / "out") == [0, 2, 4]
    assert not containers_with(single)
    assert grade(*words, "--out", "whole", cwd=tmp_path).returncode == 0
    assert written(tmp_path / "out") == written(tmp_path / "whole")


def test_a_container_that_is_killed_writes_nothing(
    running: subprocess.Popen[str], tmp_path: Path
) -> None:
    (seen,) = wait_for(tmp_path, running=True)
    docker("kill", seen["Id"])
    _, said = running.communicate(timeout=60)
    assert running.returncode == 2
    assert "ended with status 137" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "out" / "results.jsonl").exists()


LOOKS_AROUND = """
import os
import socket


def attempt(action):
    try:
        return str(action())
    except OSError as error:
        return error.strerror


def forward(x, w):
    lines = {
        "user": os.getuid(),
        "rights": attempt(lambda: os.setuid(0)),
        "processes": attempt(lambda: os.listdir("/proc")),
        "interfaces": attempt(lambda: os.listdir("/sys/class/net")),
        "connect": attempt(lambda: socket.create_connection(("192.0.2.1", 80), 2)),
        "root": attempt(lambda: open("/srv/x", "w")),
        "solution": attempt(lambda: open(f"{package}/coursework/solutions/mse_sweep.py")),
        "right": attempt(lambda: os.listdir(f"{package}/assignments/hand_gradients/corpus")),
        "hidden": attempt(lambda: open(f"{package}/assignments/mse_sweep/hidden.py")),
        "others": attempt(lambda: os.listdir("/srv/gradpath")),
        "grader": attempt(lambda: open("/proc/1/environ").read()),
        "folders": os.stat(os.path.dirname(os.getcwd())).st_nlink,
    }
    raise ValueError("".join(f"{key}: {value}; " for key, value in lines.items()))
"""

LEAVES_THINGS_BEHIND = """
import os
import time

os.makedirs("folder/inner")
open("folder/inner/file", "w").close()
os.mkdir("folder/locked", 0)
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
"""


def test_what_a_submission_finds_in_the_container(gradpath: Command, tmp_path: Path) -> None:
    """It reaches nobody and nothing, and the leftovers of the one before it are gone."""
    package = docker(
        *("run", "--rm", image(), "python", "-c"),
        "import gradpath, pathlib; print(pathlib.Path(gradpath.__file__).parent)",
    )
    for student, text in (
        ("s01", LEAVES_THINGS_BEHIND + solution_of("mse_sweep")),
        ("s02", f"package = {package!r}\n{LOOKS_AROUND}"),
    ):
        path = tmp_path / "cohort" / student / "mse_sweep.py"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    words = ["--out", "out", "--secret", SECRET, "--jobs", "1", "--docker", image()]
    done = gradpath("grade", "cohort", *words)
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, (tmp_path / "out/results.jsonl").read_text().splitlines())
    assert first["score"] == 10.0
    message = next(c["message"] for c in second["checks"] if c["id"].startswith("forward"))
    seen = dict(re.findall(r"(\w+): ([^;]*);", message.partition("ValueError: ")[2]))
    assert int(seen["user"]) >= FIRST_UID
    folders = seen.pop("folders")
    del seen["user"]
    assert len(seen) == 10
    assert seen.pop("root") == "Read-only file system"
    # The second is the error of a machine without Landlock.
    assert set(seen.values()) <= {"Permission denied", "Operation not permitted"}, seen
    assert folders == "4"  # in it: this submission's and the reference's, no others


@pytest.mark.root
def test_results_belong_to_a_plain_user(tmp_path: Path) -> None:
    """A user of the engine need not be root; the submissions are for this user alone."""
    home = tmp_path / "home"
    (home / "cohort" / "s01").mkdir(parents=True)
    (home / "cohort" / "s01" / "mse_sweep.py").write_text(WRONG)
    uid = 54_321
    for path in (home, *home.rglob("*")):
        os.chown(path, uid, uid)
        path.chmod(0o700 if path.is_dir() else 0o600)
    socket = docker("context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    group = os.stat(socket.removeprefix("unix://")).st_gid
    # The right to read alone: this test's Python may lie below a folder of root's.
    become = ["setpriv", f"--reuid={uid}", f"--regid={uid}", f"--groups={group or uid}"]
    become += ["--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search"]
    if group == 0:
        become[3] = "--groups=0"
    done = subprocess.run(
        [*become, GRADPATH, "grade", "cohort", "--out", "out", "--public", "--docker", image()],
        cwd=home,
        env={**os.environ, "HOME": str(home), "DOCKER_HOST": socket},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    owners = {path.name: path.stat().st_uid for path in (home / "out").iterdir()}
    assert owners == dict.fromkeys(WRITTEN, uid)


def test_errors_are_one_line(gradpath: Command, single: Path, tmp_path: Path) -> None:
    words = ["grade", "cohort", "--out", "out", "--public"]
    engine()
    (tmp_path / "empty").mkdir()
    assert "no docker on PATH" in one_line(
        gradpath(*words, "--docker", PATH=str(tmp_path / "empty"))
    )
    nobody = f"unix://{tmp_path}/nobody.sock"
    assert "does not answer" in one_line(gradpath(*words, "--docker", DOCKER_HOST=nobody))
    missing = one_line(gradpath(*words, "--docker", "no-such-image:1"))
    assert missing.endswith(
        "there is no image no-such-image:1; build it with `gradpath image build`"
    )
    wrong_order = ["grade", "--docker", "cohort", "--out", "out", "--public"]
    assert "write --docker after the PATHs" in one_line(gradpath(*wrong_order))
    assert "PATH" in one_line(gradpath("grade", "--out", "out", "--docker=x", "--public"))
    assert "does not exist" in one_line(
        gradpath("grade", "nothing", *words[2:], "--docker", image())
    )
    assert not (tmp_path / "out").exists()
    image()
    assert "does not start" in one_line(gradpath(*words, "--docker", BASE))
    assert not (tmp_path / "out" / "results.jsonl").exists()
    assert not containers_with(tmp_path)


def test_an_image_of_another_course_is_refused(
    gradpath: Command, single: Path, tmp_path: Path
) -> None:
    """Otherwise results would come from checks that are not the ones here."""
    name, tag = f"gradpath-stale-{os.getpid()}", f"gradpath-test:stale-{os.getpid()}"
    change = "echo '#' >> $(python -c 'import gradpath.grading.grader as g; print(g.__file__)')"
    docker("run", "--name", name, image(), "sh", "-c", change)
    try:
        docker("commit", name, tag)
        words = ["--out", "out", "--public", "--docker", tag]
        assert "built from another gradpath" in one_line(gradpath("grade", single, *words))
        assert not (tmp_path / "out" / "results.jsonl").exists()
    finally:
        docker("rm", name)
        docker("rmi", "--no-prune", tag)


def test_the_default_image_is_that_of_this_version() -> None:
    assert default_tag() == f"gradpath:{__version__}"
    engine()
    run = ContainerRun(GradeRequest((Path(),), image=image(), secret=SECRET), slugs())
    run.close()  # of a run that has not begun


def test_what_is_in_the_image() -> None:
    (seen,) = json.loads(docker("image", "inspect", image()))
    config = seen["Config"]
    assert config["Labels"][VERSION_LABEL] == __version__
    assert config["User"] in ("", "root")  # otter installs packages on top
    names = [line.partition("=")[0] for line in config["Env"]]
    assert not [name for name in names if "CERT" in name or "INDEX" in name or "SECRET" in name]
    script = """
        id -u gradpath-worker
        ls -A /root/.cache /tmp/ca.crt /opt/gradpath/lib/python3*/site-packages/playwright/driver
        command -v conda tex chromium
        pip check
        python -c 'import torch; print(torch.version.cuda)'
    """
    lines = docker("run", "--rm", "--network", "none", image(), "sh", "-c", script, check=False)
    assert lines.splitlines() == [str(FIRST_UID), "No broken requirements found.", "None"]


def test_build_errors_have_a_reason(gradpath: Command, tmp_path: Path) -> None:
    image()
    build = ("image", "build", "--tag", "gradpath-test:never")
    assert "is no folder" in one_line(gradpath(*build, "--wheelhouse", "nothing"))
    assert "has no wheels" in one_line(gradpath(*build, "--wheelhouse", tmp_path))
    assert "is no file" in one_line(gradpath(*build, "--ca", "nothing"))
    done = gradpath(*build, "--base", "localhost:9/no-such-image:1")
    assert "the base image localhost:9/no-such-image:1 is not here" in one_line(done)
    # Python away: a base image as a distribution without it.
    name, tag = f"gradpath-bare-{os.getpid()}", f"gradpath-test:bare-{os.getpid()}"
    docker("run", "--name", name, BASE, "sh", "-c", "rm -f $(command -v python3)")
    try:
        docker("commit", name, tag)
        reason = one_line(gradpath(*build, "--base", tag))
        assert "the base image has no Python 3.11 or later" in reason
    finally:
        docker("rm", name)
        docker("rmi", "--no-prune", tag)
    assert not docker("images", "--quiet", "gradpath-test:never")


def test_doctor_knows_the_image(gradpath: Command) -> None:
    image()
    assert f"image {default_tag()}" in gradpath("doctor").stdout


@pytest.mark.root
def test_the_script_stops_its_own_engine_only(tmp_path: Path) -> None:
    """In a network of its own, where a second engine disturbs nobody."""
    engine()
    if not (shutil.which("dockerd") and shutil.which("unshare")):
        pytest.skip("no dockerd here; the engine that answers is elsewhere")
    script = ROOT / ".ci" / "docker-engine"
    data = tmp_path / "engine"
    environment = {**os.environ, "DOCKER_ENGINE_DATA": str(data)}

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["unshare", "--net", script, *words],
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    host = docker("context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    used = run("start", DOCKER_HOST=host)
    assert used.stdout == f"export DOCKER_HOST={host}\n"
    assert run("stop", DOCKER_HOST=host).returncode == 0
    assert docker("version", "--format", "{{.Server.Version}}")

    nobody = f"unix://{tmp_path}/nobody.sock"
    started = run("start", DOCKER_HOST=nobody)
    assert started.returncode == 0, started.stderr
    try:
        number, socket = (data / "engine.state").read_text().split()
        pid = int(number)
        assert started.stdout == f"export DOCKER_HOST=unix://{socket}\n"
        assert run("start", DOCKER_HOST=nobody).stdout == started.stdout
        assert os.path.exists(f"/proc/{pid}")
    finally:
        stopped = run("stop", DOCKER_HOST=nobody)
    assert stopped.returncode == 0, stopped.stderr
    assert not os.path.exists(f"/proc/{pid}")
    assert not data.exists()
    assert not Path(socket).parent.exists()
    assert run("base", "x", DOCKER_HOST=nobody).returncode == 1
    # Somebody else's folder is neither used nor deleted.
    data.mkdir()
    (data / "kept").touch()
    refused = run("start", DOCKER_HOST=nobody)
    assert refused.returncode == 1
    assert "holds something else" in refused.stderr
    assert run("stop", DOCKER_HOST=nobody).returncode == 0
    assert (data / "kept").is_file()
    assert run("restart").returncode == 1
