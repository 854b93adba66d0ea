"""gradpath report: its numbers, the agreements, and the page in a real browser."""

from __future__ import annotations

import itertools
import json
import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from gradpath.cli import cli
from gradpath.cohort.files import results_jsonl
from gradpath.course.files import write_files
from gradpath.course.load import corpus_of, load
from gradpath.course.master import skeleton_of, solution_of
from gradpath.course.mistakes import apply
from gradpath.errors import GradpathError
from gradpath.grading.results import GRADER_FAILED, CheckResult, Outcome, Result
from gradpath.reports.cohort import agreement
from gradpath.reports.cohort.agreement import MIN_RARE, Agreements, agreements
from gradpath.reports.cohort.own_code import OwnCode, own_code, skeleton
from gradpath.reports.cohort.page import link, make_report, percent
from gradpath.reports.cohort.rows import PART, harmless
from gradpath.reports.cohort.statistics import (
    Combination,
    check_figures,
    combinations,
    discrimination,
    distribution,
    occurrences,
    totals,
)
from gradpath.reports.feedback.paths import FOLDER, page_path
from tests.conftest import SLUGS, Command
from tests.support.demo_cohort import ASSIGNMENTS
from tests.support.synthetic_run import write_run, write_store

PWNED = "</script><script>window.pwned='yes'</script>"
OPENING = "<!--<script>"


# Numbers


def check(id: str, share: float, outcome: Outcome = "passed", *known: str) -> CheckResult:
    return CheckResult(id, f"about {id}", "public", 2 * share, 2.0, outcome, "", [*known], None)


def result(student: str, *checks: CheckResult, slug: str = "mse_sweep") -> Result:
    score = sum(each.points for each in checks)
    file = f"{student}/{slug}.py"
    return Result(slug, student, file, score, 2.0 * len(checks), "graded", [*checks], "", "A")


def unreadable(student: str, message: str = "syntax error in line 1") -> Result:
    file = f"{student}/mse_sweep.py"
    return Result("mse_sweep", student, file, 0.0, 6.0, "unreadable", [], message, "B")


def three(student: str, *shares: float) -> Result:
    checks = [
        check(f"f{number}.x", share, "passed" if share == 1 else "failed")
        for number, share in enumerate(shares)
    ]
    return result(student, *checks)


def test_difficulty_and_discrimination_by_hand() -> None:
    results = [
        three("s01", 1, 1, 1),
        three("s02", 1, 1, 0.5),
        three("s03", 0, 1, 0),
        three("s04", 0, 1, 0),
        unreadable("s05"),
    ]
    first, second, third = check_figures(results)
    assert (first.count, first.passed, first.share) == (4, 0.5, 0.5)
    assert (third.passed, third.share) == (0.25, 0.375)
    assert first.outcomes == (2, 2, 0, 0, 0, 0, 0)
    # Shares 1, 1, 0, 0 and points without the check 4, 3, 2, 2: deviations from the means 0.5 and
    # 2.75 are 0.5, 0.5, -0.5, -0.5 and 1.25, 0.25, -0.75, -0.75.
    assert first.discrimination == pytest.approx(1.5 / math.sqrt(1.0 * 2.75))
    # All passed the second one.
    assert second.discrimination is None
    # Shares 1, 0.5, 0, 0 and points without the check 4, 4, 2, 2.
    assert third.discrimination == pytest.approx(1.5 / math.sqrt(0.6875 * 4))


def test_discrimination_is_undefined_without_differences() -> None:
    assert discrimination([1, 0], [3, 1]) is None
    assert discrimination([1, 1, 1], [3, 1, 2]) is None
    assert discrimination([1, 0, 1], [2, 2, 2]) is None
    assert discrimination([1, 0, 0], [0, 3, 3]) == pytest.approx(-1)


def test_distribution_by_hand() -> None:
    found = distribution([0, 3, 3.3333, 9.9999, 10, 10], 10)
    assert found.bins == (1, 0, 0, 2, 0, 0, 0, 0, 0, 3)
    assert (found.full, found.none) == (2, 1)
    assert found.median == pytest.approx(6.6666)
    assert distribution([0.9, 0.3], 0.9).bins[3] == 1  # 0.3 / 0.9 is a third, 30 % or more
    assert distribution([0.7 * 3, 2.1], 3).bins[7] == 2


def test_totals_count_what_is_missing_as_nothing() -> None:
    one, other = (check("f.x", 1),), (check("f.x", 0.5), check("g.x", 1))
    results = [result("s01", *one), result("s01", *other, slug="rosenbrock"), result("s02", *one)]
    assert totals(results) == ([5, 2], 6)


def test_misconceptions_alone_and_together() -> None:
    def named(student: str, *names: str) -> Result:
        return result(student, *(check(f"{n}.x", 0, "failed", n, "less-likely") for n in names))

    results = [named("s01", "a", "b"), named("s02", "c", "b", "a"), named("s03", "a", "a")]
    results += [named("s04", "b", "a"), unreadable("s05")]
    assert occurrences(results) == {
        "a": ["s01", "s02", "s03", "s04"],
        "b": ["s01", "s02", "s04"],
        "c": ["s02"],
    }
    assert combinations(results) == [
        Combination(("a", "b"), ("s01", "s04"), ("s01", "s02", "s04")),
        Combination(("a", "b", "c"), ("s02",), ("s02",)),
        Combination(("a", "c"), (), ("s02",)),
        Combination(("b", "c"), (), ("s02",)),
    ]


def test_percentages_are_not_rounded_to_all_or_nothing() -> None:
    shares = (0, 0.001, 0.5, 0.999, 1)
    assert [*map(percent, shares)] == ["0 %", "1 %", "50 %", "99 %", "100 %"]


# Agreement


SAME_HAND = {
    *("value_at_the_point", "graph_retained_in_loop", "sums_and_one_division"),
    *("shuffled_together", "steps_at_the_end", "one_hot_log_softmax"),
}
"""Solutions of the corpora that vary another one in a line or two."""


def right(slug: str) -> dict[str, str]:
    """Return right solutions by different hands."""
    paths = [path for path in corpus_of(slug).glob("right/*.py") if path.stem not in SAME_HAND]
    return {path.stem: path.read_text("utf-8") for path in paths}


def compared(slug: str, texts: dict[str, str], *expected: str) -> Agreements:
    given = skeleton(slug)

    def own(text: str) -> OwnCode:
        return own_code(text, given)

    return agreements(slug, {name: own(t) for name, t in texts.items()}, [*map(own, expected)])


def kinds(found: Agreements) -> dict[tuple[str, ...], str]:
    return {each.students: each.kind for each in found.notable}


@pytest.mark.parametrize("slug", SLUGS)
def test_right_solutions_by_different_hands_do_not_agree(slug: str) -> None:
    found = compared(slug, right(slug), solution_of(slug))
    assert len(right(slug)) > 8
    assert found.notable == []


def disguised(text: str) -> str:
    """Rename, add and move comments, change quotes and layout, and reorder functions."""
    head, *functions = re.split(r"^(?=def |class )", text, flags=re.MULTILINE)
    functions = [f"# part {number}\n{each.rstrip()}\n\n\n" for number, each in enumerate(functions)]
    text = head + "".join(reversed(functions))
    for name in set(re.findall(r"^    (\w+) = ", text, re.MULTILINE)):
        text = re.sub(rf"(?<![\w.\"'*]){name}\b(?!=)", f"my_{name}", text)
    return re.sub(r"^(    +)return ", r"\1# done\n\1return ", text, flags=re.MULTILINE)


def test_copies_are_found() -> None:
    texts = right("hand_gradients")
    original = texts["plain_loops"]
    exact = original.replace("import torch\n", "\nimport torch\n")
    renamed = disguised(original)
    assert renamed != original
    assert 'my_gradients["' not in renamed
    texts |= {"x1": exact, "x2": renamed}
    found = kinds(compared("hand_gradients", texts, solution_of("hand_gradients")))
    assert found == {("plain_loops", "x1"): "text", ("plain_loops", "x1", "x2"): "renamed"}


def test_a_copy_with_a_change_nearly_agrees() -> None:
    texts = right("rosenbrock")
    name = max(texts, key=lambda each: len(texts[each]))
    texts["x1"] = f"{disguised(texts[name])}\n\ndef helper(a):\n    return a + 1\n"
    (only,) = compared("rosenbrock", texts).notable
    assert (only.students, only.kind) == ((name, "x1"), "nearly")
    assert 0.8 < only.share < 1
    assert only.rare > only.tokens / 2


def test_what_everybody_writes_is_not_rare() -> None:
    slug = "hand_gradients"
    solution = solution_of(slug)
    mistake = apply(solution, [load(slug).misconceptions[0].variants[0]])
    texts = {f"s{number:02}": solution for number in range(40)}
    texts |= {f"t{number:02}": mistake for number in range(3)}
    found = compared(slug, texts, solution, mistake)
    assert found.notable == []
    assert found.common == 2
    # Without the course's own texts, three texts that are the same are worth a look.
    assert ("t00", "t01", "t02") in kinds(compared(slug, texts))


def test_a_large_ring_counts_once() -> None:
    texts = right("rosenbrock")
    copied = max(texts.values(), key=len)
    texts |= {f"x{number:02}": copied for number in range(50)}
    (only,) = compared("rosenbrock", texts).notable
    assert (only.kind, len(only.students)) == ("text", 51)
    assert only.rare > MIN_RARE


def test_in_a_large_cohort_the_nearest_pairs_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair that agrees in more is found first, and those that are left out are counted."""
    texts = right("rosenbrock")
    name = max(texts, key=lambda each: len(texts[each]))
    for copy in range(2):
        texts[f"x{copy}"] = f"{disguised(texts[name])}\n\ndef helper(a):\n    return a + {copy}\n"
    everything = compared("rosenbrock", texts)
    assert {each.students for each in everything.notable} == {
        *[(name, "x0"), (name, "x1"), ("x0", "x1")]
    }
    assert everything.not_compared == 0
    monkeypatch.setattr(agreement, "MOST_PAIRS", 1)
    found = compared("rosenbrock", texts)
    assert found.notable == everything.notable[:1]
    assert found.not_compared >= 2
    # A stretch of more texts than that is nobody's own, whichever share of the cohort it is.
    monkeypatch.undo()
    monkeypatch.setattr(agreement, "RARE_TEXTS", 0)
    monkeypatch.setattr(agreement, "RARE_SHARE", 1.0)
    copies = {each.students for each in everything.notable}
    assert copies <= set(kinds(compared("rosenbrock", texts)))
    monkeypatch.setattr(agreement, "MOST_TEXTS", 2)
    assert not copies & set(kinds(compared("rosenbrock", texts)))


def test_the_skeleton_is_nobodys_code() -> None:
    for slug in SLUGS:
        own = own_code(skeleton_of(slug), skeleton(slug))
        assert (own.text, own.parts) == ("", ())
    texts = {f"s{number}": skeleton_of("rosenbrock") for number in range(3)}
    assert compared("rosenbrock", texts) == Agreements([], 0)


def test_own_code_of_hostile_sources() -> None:
    given = skeleton("mse_sweep")
    deep = "x = " + "+".join(["1"] * 50_000)
    for text in ("def f(:\n", "\0", deep, "x = [" * 90 + "]" * 90, "", "# nothing\n"):
        own = own_code(text, given)
        assert own.parts == () or own.size < 300
    twice = own_code(deep, given)
    found = agreements("mse_sweep", {"s01": twice, "s02": twice})
    assert len(found.notable) + found.common == 1


# The command


def write_results(folder: Path, results: list[Result]) -> None:
    write_files(folder, {"results.jsonl": results_jsonl(results)})


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["empty"], "there is no empty/results.jsonl"),
        (["broken"], "is not as gradpath grade writes it"),
        (["none"], "is empty"),
        (["twice"], "two results of one submission"),
        (["out", "--to", "empty"], "is a folder"),
        (["out", "--to", "out/results.jsonl"], "would be overwritten"),
        (["out", "--to", "out/results.jsonl/page.html"], "cannot be written"),
    ],
)
def test_errors_are_one_line_and_write_nothing(
    words: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_results(tmp_path / "out", [three("s01", 1, 0, 1)])
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "results.jsonl").write_bytes(b'{"assignment": 3}\n')
    write_results(tmp_path / "none", [])
    write_results(tmp_path / "twice", [three("s01", 1), three("s01", 0)])
    before = {path: path.stat().st_size for path in tmp_path.rglob("*")}
    with pytest.raises(GradpathError, match=reason) as error:
        cli.main(["report", *words], standalone_mode=False)
    assert len(str(error.value).splitlines()) == 1
    assert {path: path.stat().st_size for path in tmp_path.rglob("*")} == before


def test_no_results_end_with_two(in_process: Command, tmp_path: Path) -> None:
    done = in_process("report", ".")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "gradpath: there is no results.jsonl; give a folder that `gradpath grade` wrote (--out)\n"
    )


def test_a_run_without_a_store_is_reported_all_the_same(
    in_process: Command, tmp_path: Path
) -> None:
    write_results(tmp_path / "out", [three("s01", 1, 0, 1), unreadable("s02", GRADER_FAILED)])
    done = in_process("report", "out", "--to", "page.html")
    assert done.returncode == 0
    assert "there is no results.sqlite in out" in done.stderr
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "Code was not compared: there is no results.sqlite" in page
    assert "grader failed" in page
    assert not (tmp_path / "out" / "report.html").exists()


def test_a_real_run(gradpath: Command, in_process: Command, tmp_path: Path) -> None:
    for student, name in (("s01", "plain_loops"), ("s02", "plain_loops"), ("s03", "class_sgd")):
        target = tmp_path / "handed-in" / student / "hand_gradients.py"
        target.parent.mkdir(parents=True)
        shutil.copy(corpus_of("hand_gradients") / "right" / f"{name}.py", target)
    words = ("grade", "handed-in", "--out", "out", "--secret", "x", "--allow-weak-isolation")
    assert "gradpath report" not in gradpath(*words).stdout  # only said on a terminal
    done = in_process("report", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("out/report.html: students 3, submissions 3, agreements 1, ")
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "3 of 3 submissions were compared" in page
    assert re.search(r">s01, s02</a>", page)
    assert ": graded 3, seconds" in page
    before = page
    in_process("report", "out")
    assert (tmp_path / "out" / "report.html").read_text("utf-8") == before


@pytest.mark.slow
def test_a_large_run_is_one_page(tmp_path: Path) -> None:
    write_run(tmp_path, 2000, sources=False)
    report = make_report(tmp_path, tmp_path / "report.html")
    assert (report.students, report.submissions) == (2000, 10_000)
    assert len(report.html) < 5_000_000
    assert report.beside == {}


def test_rows_of_a_larger_run_lie_beside_the_page(
    browser: Browser, in_process: Command, tmp_path: Path
) -> None:
    count = PART + 500
    results = [unreadable(f"s{n:05}", f"{n} {'<&>' * 200}") for n in range(count)]
    write_results(tmp_path / "out", results)
    (tmp_path / "out" / "report-rows-9.js").touch()  # of a larger run before
    (tmp_path / "out" / "my-rows-9.js").touch()
    done = in_process("report", "out")
    assert done.returncode == 0, done.stderr
    assert "rows beside it: 2 files" in done.stdout
    target, second = (tmp_path / "out" / name for name in ("report.html", "report-rows-2.js"))
    assert target.stat().st_size < 100_000
    assert {path.name for path in target.parent.glob("*.js")} == {
        *("report-rows-1.js", "report-rows-2.js", "my-rows-9.js")
    }
    tab = browser.new_page()
    problems: list[str] = []
    tab.on("console", lambda message: problems.append(message.text))
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.goto(target.as_uri())
    status = tab.get_by_role("status")
    expect(status).to_have_text("10,500 submissions, the first 100 are shown")
    tab.get_by_label("Search").fill(f"s{count - 1}")
    expect(tab.locator("#rows tbody tr")).to_have_count(1)
    tab.goto(f"{target.as_uri()}#sort=student&down=1")
    tab.reload()
    expect(tab.locator("#rows tbody th").first).to_have_text(f"s{count - 1}")
    assert problems == []
    second.write_text(second.read_text().replace('("', '("x'))
    tab.reload()
    expect(status).to_have_text(re.compile("report-rows-2.js belongs to another page"))
    second.unlink()
    tab.reload()
    expect(status).to_have_text(re.compile("report-rows-2.js cannot be read; make the report"))
    expect(tab.locator("#rows tbody tr")).to_have_count(100)
    tab.close()
    # A smaller run is one file again.
    write_results(tmp_path / "out", results[:3])
    assert in_process("report", "out").returncode == 0
    assert [path.name for path in target.parent.glob("*.js")] == ["my-rows-9.js"]


def test_a_link_to_rows_beside_the_page_leads_there(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(tmp_path, 60, sources=False)
    monkeypatch.setattr("gradpath.reports.cohort.page.MAX_BYTES", 0)
    report = make_report(tmp_path, tmp_path / "report.html")
    write_files(tmp_path, {"report.html": report.html, **report.beside})
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.goto(f"{(tmp_path / 'report.html').as_uri()}#assignment=mse_sweep")
    expect(tab.get_by_role("status")).to_have_text("60 of 300 submissions")
    assert (
        0 <= tab.evaluate("document.getElementById('submissions').getBoundingClientRect().top") < 99
    )
    tab.close()


def test_json_cannot_end_its_element() -> None:
    text = f"{PWNED}{OPENING}&amp;\u2028"
    packed = harmless(json.dumps(text, ensure_ascii=False).encode())
    assert not set(b"<>&") & set(packed)
    assert json.loads(packed) == text


# The page


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page about 60 students with sources, and one of them with a feedback page."""
    folder = tmp_path_factory.mktemp("cohort")
    write_run(folder, 60)
    page = folder / FOLDER / page_path("s0001", "rosenbrock")
    page.parent.mkdir(parents=True)
    page.write_text("<title>Feedback</title>")
    target = folder / "report.html"
    target.write_bytes(make_report(folder, target).html)
    return target


@pytest.fixture
def page(browser: Browser, cohort: Path) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    requests: list[str] = []
    tab.on("console", lambda message: problems.append(message.text))
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(cohort.as_uri())
    yield tab
    tab.close()
    assert problems == []
    assert all(url.startswith("file:") for url in requests)


def column(page: Page, number: int) -> list[str]:
    cells = page.locator(f"#rows tbody tr > :nth-child({number})")
    return [text.strip() for text in cells.all_inner_texts()]


def test_rows_are_sorted_by_clicks_and_keys(page: Page) -> None:
    expect(page.get_by_role("status")).to_contain_text("300 submissions")
    assert column(page, 1)[0] == "s0001"
    header = page.locator("#rows th", has_text="Score")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    scores = [float(text) for text in column(page, 3)]
    assert scores == sorted(scores)
    assert len(set(scores)) > 5
    page.keyboard.press("Enter")
    expect(header).to_have_attribute("aria-sort", "descending")
    scores = [float(text) for text in column(page, 3)]
    assert scores == sorted(scores, reverse=True)
    assert page.evaluate("location.hash") == "#sort=score&down=1"
    assert page.locator("#rows th[aria-sort]").count() == 1


def test_rows_are_filtered_and_searched(page: Page) -> None:
    page.locator("#assignment").select_option("rosenbrock")
    page.get_by_label("Score from").fill("4")
    page.get_by_label("Score to").fill("8")
    rows = column(page, 2)
    assert rows
    assert set(rows) == {"rosenbrock"}
    assert all(4 <= float(score) <= 8 for score in column(page, 3))
    page.locator("#status").select_option("unreadable")
    expect(page.get_by_role("status")).to_contain_text("0 of 300")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("status")).to_have_text("300 submissions, the first 100 are shown")
    page.get_by_label("Search").press_sequentially("S0007 hidden_lay")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    assert column(page, 1) == ["s0007"]
    # The address is a link to the view.
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    assert page.get_by_label("Search").input_value() == "S0007 hidden_lay"


def test_links_in_tables_lead_to_rows(page: Page, cohort: Path) -> None:
    lines = cohort.with_name("results.jsonl").read_bytes().splitlines()
    results = [json.loads(line) for line in lines]
    failed = page.get_by_role("region", name="Checks of mse_sweep").get_by_role("link").first
    number, _, outcome = failed.inner_text().partition(" ")
    failed.click()
    expect(page.locator("#rows tbody tr")).to_have_count(int(number))
    expect(page.locator("#outcome")).to_have_value(outcome)
    id = page.locator("#check").input_value()
    assert sorted(column(page, 1)) == sorted(
        each["student"]
        for each in results
        for check in each["checks"]
        if each["assignment"] == "mse_sweep"
        if (check["id"], check["outcome"].replace("_", " ")) == (id, outcome)
    )
    together = page.get_by_role("region", name="Misconceptions of rosenbrock that occurred")
    pair = together.get_by_role("row").nth(1)
    count = pair.get_by_role("cell").first.get_by_role("link")
    pairs = int(count.evaluate("each => each.firstChild.textContent"))
    count.click()
    expect(page.locator("#rows tbody tr")).to_have_count(pairs)
    names = set(pair.locator("th code").all_text_contents())
    assert len(names) > 1
    assert all(names <= set(text.split(", ")) for text in column(page, 5))
    chip = page.get_by_role("button", name="Remove the filter").first
    chip.press("Enter")
    assert page.locator("#rows tbody tr").count() > pairs
    page.go_back()  # to the link before
    expect(page.locator("#outcome")).to_have_value(outcome)


def test_other_tables_are_sorted_too(page: Page) -> None:
    table = page.get_by_role("region", name="Checks of hidden_layer")
    header = table.get_by_role("columnheader", name="Passed")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    shares = [
        float(v)
        for v in table.locator("tbody tr td:nth-child(3)").evaluate_all(
            "cells => cells.map(cell => cell.dataset.value)"
        )
    ]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) > 3


def test_feedback_pages_are_linked_and_lost_checks_listed(page: Page) -> None:
    page.goto(f"{page.url.partition('#')[0]}{link(student='s0001')}")
    expect(page.locator("#rows tbody tr")).to_have_count(5)
    assert page.locator("#rows tbody th a").count() == 1
    more = page.locator("#rows summary").first
    lost = int(more.inner_text().split()[0])
    more.press("Enter")
    expect(page.locator("#rows details[open] li")).to_have_count(lost)
    page.get_by_role("link", name="s0001", exact=True).last.click()
    expect(page).to_have_title("Feedback")


def test_more_rows_come_by_scrolling(page: Page) -> None:
    assert page.locator("#rows tbody tr").count() == 100
    page.locator("#more").scroll_into_view_if_needed()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^300 submissions"))
    page.locator("#run").scroll_into_view_if_needed()
    expect(page.locator("#rows tbody tr")).to_have_count(300)
    expect(page.locator("#more")).to_be_hidden()


def test_the_page_is_read_without_script(browser: Browser, cohort: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(cohort.as_uri())
    histograms = tab.get_by_role("img", name="Histogram of 60 scores")
    expect(histograms).to_have_count(1 + len(ASSIGNMENTS))
    expect(tab.get_by_role("region", name="Checks of rosenbrock")).to_contain_text("descend.")
    expect(tab.get_by_role("region", name="Misconceptions of rosenbrock").first).to_be_visible()
    expect(tab.get_by_text("This table needs JavaScript")).to_be_visible()
    expect(tab.locator("#app")).to_be_hidden()
    assert tab.get_by_role("button").count() == 0
    context.close()


WIDE = "all => all.filter(box => box.scrollWidth > box.clientWidth).map(box => box.ariaLabel)"
BROKEN = """cells => {
  const range = document.createRange(), broken = new Set();
  for (const cell of cells) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode()); ) {
      for (const word of text.data.matchAll(/[\\p{L}\\p{N}_.]+/gu)) {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) broken.add(word[0]);
      }
    }
  }
  return [...broken];
}"""


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_everybody_can_read_it(
    browser: Browser, tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    write_run(tmp_path, 5)
    target = tmp_path / "report.html"
    target.write_bytes(make_report(tmp_path, target).html)
    size: ViewportSize = {"width": width, "height": 900}
    # Without our own policy, which also keeps the checker's script out.
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    tab = context.new_page()
    tab.goto(f"{target.as_uri()}{link(assignment='rosenbrock', student=['s0001', 's0002'])}")
    expect(tab.locator("#rows tbody tr")).to_have_count(2)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.emulate_media(media="print", color_scheme="light")
    tab.set_viewport_size({"width": 700, "height": 900})  # of a sheet of A4
    assert tab.evaluate("document.documentElement.scrollWidth") <= 700
    tab.emulate_media(media="screen", color_scheme=scheme)
    tab.set_viewport_size(size)
    # Elements far below are not laid out, and would not be looked at.
    tab.add_style_tag(content=".scroll { content-visibility: visible !important; }")
    if width == 390:
        assert tab.locator(".scroll").evaluate_all(WIDE) == []
    assert tab.locator("th, td").evaluate_all(BROKEN) == []
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = Axe().run(tab, options=options)
    assert found.violations_count == 0, found.generate_report()
    levels = [
        int(tag[1])
        for tag in tab.locator("h1, h2, h3").evaluate_all("all => all.map(each => each.tagName)")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for landmark in ("banner", "main", "navigation", "search"):
        expect(tab.get_by_role(landmark)).to_have_count(1)
    context.close()


def test_hostile_names_stay_text(browser: Browser, tmp_path: Path) -> None:
    names = [
        f"s1{PWNED}",
        f"s2{OPENING}",
        "s3'\"&amp;\u202eb",
        "=cmd()",
        "s 5+6&assignment=x",
        "..",
    ]
    known = f"known{PWNED}"
    results = [
        result(name, check("f.x", 0.5, "failed", known, "b"), check("g.x", 1, "timeout", OPENING))
        for name in names
    ]
    results.append(unreadable("s9", PWNED))
    folder = tmp_path / "out<img src=x onerror=alert(1)>"
    folder.mkdir()
    write_results(folder, results)
    write_store(folder, results, [f"{PWNED}\n", *["a = 'b'\n"] * 5, "\n"])
    (folder / "grade.log").write_text(f"2026-01-31T12:34:56Z start: {PWNED}\n")
    pages = [folder / FOLDER / page_path(name, "mse_sweep") for name in names]
    for number, path in enumerate(pages):
        path.parent.mkdir(parents=True)
        path.write_text(f"<title>{number}</title>")
    target = folder / "report.html"
    target.write_bytes(make_report(folder, target).html)
    tab = browser.new_page()
    tab.goto(target.as_uri())
    assert tab.evaluate("window.pwned") is None
    assert column(tab, 1)[:2] == names[:2]
    assert tab.locator("img, script").count() == 2  # the data and our own
    assert PWNED in tab.locator("pre").inner_text()
    # Their links name the student, with any characters in the name.
    for number, name in enumerate(names):
        tab.goto(f"{target.as_uri()}{link(student=name, assignment='mse_sweep')}")
        expect(tab.locator("#rows tbody tr")).to_have_count(1)
        assert column(tab, 1) == [name]
        tab.locator("#rows tbody th a").click()
        expect(tab).to_have_title(str(number))
    tab.close()
