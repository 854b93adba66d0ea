"""The gate itself: every assignment, with a secret of its own."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from gradpath.authoring import verify as gate
from gradpath.authoring.verify import verify
from gradpath.cohort.run import Run
from gradpath.course.load import corpus_of, load
from gradpath.grading.results import CheckResult, Result, split_message
from tests.conftest import SLUGS

ANYWHERE = {
    # ids of the common table that make sense in each assignment's functions
    "mse_sweep": {"sum-instead-of-mean", "half-squared-error", "hard-coded-result"},
    "hand_gradients": {
        *("missing-factor-two", "sign-flipped-residual", "ascent-step", "half-squared-error"),
        *("loss-before-update", "loss-after-update", "epochs-off-by-one", "learning-rate-scaled"),
        *("gradients-not-zeroed", "zeroed-once-per-epoch", "zeroed-before-step", "leaf-replaced"),
        *("in-place-on-leaf", "numeric-gradient", "hard-coded-result", "mutates-arguments"),
        *("aliased-history", "history-with-start", "requires-grad-forgotten", "retain-graph"),
        *("gradient-read-too-early", "graph-used-again", "backward-twice", "data-zeroed"),
        *("loss-as-step", "bracket-slip", "arguments-reordered", "graph-cut-off"),
    },
    "rosenbrock": {
        *("ascent-step", "loss-before-update", "learning-rate-scaled", "gradients-not-zeroed"),
        *("zeroed-before-step", "leaf-replaced", "in-place-on-leaf", "numeric-gradient"),
        *("hard-coded-result", "mutates-arguments", "aliased-history", "history-with-start"),
        *("requires-grad-forgotten", "retain-graph", "gradient-read-too-early", "data-zeroed"),
        *("graph-used-again", "backward-twice", "loss-as-step", "bracket-slip"),
        *("arguments-reordered", "graph-cut-off"),
    },
    "linear_regression": {
        *("missing-factor-two", "sign-flipped-residual", "ascent-step", "sum-instead-of-mean"),
        *("half-squared-error", "loss-after-update", "epochs-off-by-one", "learning-rate-scaled"),
        *("gradients-not-zeroed", "zeroed-before-step", "leaf-replaced", "in-place-on-leaf"),
        *("numeric-gradient", "mutates-arguments", "graph-cut-off", "history-with-start"),
    },
    "hidden_layer": {
        *("ascent-step", "sum-instead-of-mean", "loss-after-update", "epochs-off-by-one"),
        *("learning-rate-scaled", "gradients-not-zeroed", "zeroed-before-step"),
        *("leaf-replaced", "in-place-on-leaf", "mutates-arguments", "graph-cut-off"),
        *("history-with-start", "sign-flipped-residual", "numeric-gradient"),
    },
    "optimizers": {
        *("ascent-step", "weights-before-update", "history-with-start", "learning-rate-scaled"),
        *("aliased-history", "mutates-arguments", "integer-state", "bracket-slip"),
        *("loss-before-update", "return-in-loop"),
    },
}
OWN = {
    "mse_sweep": """root-mean-squared-error absolute-error accumulator-not-reset endpoint-dropped
        linspace-off-by-one hard-coded-count last-sample-only argmax-for-argmin
        index-instead-of-weight loss-instead-of-weight all-pairs bracket-slip arguments-reordered
        return-in-loop smallest-weight axes-swapped step-of-one""",
    "hand_gradients": """forgot-chain-rule forgot-weight batch-update stale-gradients
        wrong-sample-order rounded-state epoch-mean-loss epoch-sum-loss weights-before-update
        all-pairs step-divided-by-count samples-shuffled epochs-hard-coded""",
    "rosenbrock": """sequential-update inner-derivative-halved inner-derivative-missing inner-sign
        outer-sign y-gradient-halved swapped-components square-missing integer-state
        iterations-off-by-one tolerance-ignored ten-for-hundred limit-hard-coded
        other-stopping-rule""",
    "linear_regression": """mean-over-rows-only bias-gradient-not-zeroed bias-not-updated
        reshape-for-transpose pairwise-broadcast transposed-gradient requires-grad-forgotten
        gradient-read-too-early graph-used-again retain-graph backward-twice data-zeroed
        loss-as-step update-per-sample step-divided-by-count epochs-hard-coded bracket-slip
        other-stopping-rule arguments-reordered results-swapped criterion-called-like-a-function""",
    "hidden_layer": """relu-missing relu-on-output double-softmax softmax-over-samples nll-on-logits
        nll-on-probabilities argmax-over-samples hidden-detached hidden-bias-not-updated
        wrong-optimizer constant-initialisation new-model-trained draw-order bias-after-relu
        requires-grad-forgotten gradient-read-too-early graph-used-again retain-graph backward-twice
        data-zeroed loss-as-step update-per-sample step-divided-by-count epochs-hard-coded
        softmax-overflows every-row-every-label accuracy-in-percent arguments-reordered bracket-slip
        model-not-called criterion-called-like-a-function relu-mask-missing
        relu-mask-of-another-layer one-hot-missing weight-not-transposed bias-gradient-not-summed
        bias-gradient-averaged logits-gradient-for-hidden transposed-gradient sums-for-hidden""",
    "optimizers": """eps-inside-root eps-before-correction eps-missing bias-correction-missing
        one-correction-missing exponent-off-by-one betas-exchanged corrected-mean-kept nesterov
        dampened-momentum sum-for-mean mean-for-sum decay-on-wrong-term gradient-not-squared
        root-missing state-reset state-shared state-after-step one-scale-for-all other-settings
        settings-hard-coded steps-off-by-one last-step-only bowl-gradient bowl-value start-moved
        rules-share-a-path strictly-below counted-from-one level-never-reached not-the-first
        loss-for-index""",
    "lenet": """target-not-reshaped relu-missing relu-on-output kernel-of-three padded-convolution
        average-pool samples-mixed mean-over-samples-only sum-instead-of-mean bias-gradient-averaged
        wrong-axes first-sample-only gradient-read-too-early gradients-not-zeroed zeroed-before-step
        update-lost wrong-optimizer second-input walk-ends-early""",
}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_misconception_of_the_assignment_is_executable(slug: str) -> None:
    ids = {known.id for known in load(slug).misconceptions}
    assert set(OWN.get(slug, "").split()) <= ids
    assert ANYWHERE.get(slug, set()) <= ids
    assert ids


@pytest.mark.parametrize("slug", SLUGS)
def test_graders_tell_right_from_wrong(slug: str) -> None:
    """With one secret; the release of three in tests/docs/test_docs.py verifies with another.

    Every message about a known mistake, hint included, has at most 80 words.
    """
    results: list[Result] = []
    with Run([slug], "autumn", jobs=2) as run:
        report = verify(run, slug, results.append)
    assert not report.findings
    assert not report.idle_checks
    # The numbers that the course came with; a corpus grows with submissions of students.
    right, wrong = (6, 10) if slug in OWN else (1, 1)
    assert report.counts["right"][0] >= right
    assert report.counts["wrong"][0] >= wrong
    for result in results:
        for check in result.checks:
            if check.misconceptions[:1] == result.file.split(" ")[:1]:
                observed, hint = split_message(check.message)
                # The call is an address, not prose: a list of numbers is not read as words.
                sentence = observed.rsplit("): ", 1)[-1]
                assert len(sentence.split()) + len(hint.split()) <= 80, (result.file, check.id)
                assert hint


@pytest.mark.parametrize(
    ("head", "named", "fault"),
    [
        ("# named: a", ["a", "b"], ""),
        ("# named: nothing", [], ""),
        ("", ["a"], ""),
        ("# named: a", ["b", "a"], "named b, must be named a"),
        ("# named: nothing", ["a"], "named a, must be named nothing"),
        ("# named: a", [], "named nothing, must be named a"),
    ],
)
def test_a_wrong_submission_may_say_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str, named: list[str], fault: str
) -> None:
    file = tmp_path / "wrong" / "mse_sweep.py"
    file.parent.mkdir()
    file.write_text(f"# loses: sweep\n{head}\n")
    monkeypatch.setattr(gate, "corpus_of", lambda slug: tmp_path)
    (trial,) = (trial for trial in gate.trials_of(load("mse_sweep")) if trial.kind == "wrong")
    check = CheckResult("sweep.examples", "", "hidden", 0.0, 1.0, "failed", "", named, None)
    result = Result("mse_sweep", "s01", file.name, 0.0, 1.0, "graded", [check])
    assert trial.judge(result) == fault


@pytest.mark.parametrize("slug", SLUGS)
def test_the_corpus_has_no_copies(slug: str) -> None:
    texts = [re.sub(r"\s+", "", path.read_text()) for path in files(slug)]
    assert len(texts) == len(set(texts))


def files(slug: str) -> list[Path]:
    return sorted(corpus_of(slug).glob("*/*"))


def test_the_oracle_judges_a_known_mistake_as_a_worker_does() -> None:
    with Run(["mse_sweep"], "autumn") as run:
        others = [trial for trial in gate.trials_of(load("mse_sweep")) if trial.known]
        judged = [(gate._by_oracle(run, "mse_sweep", trial), trial) for trial in others]
        pairs = [(known, run.grade(trial.submission).result) for known, trial in judged if known]
    assert len(pairs) > 20

    def without_file(result: Result) -> list[CheckResult]:
        """The oracle's file is named after the assignment, that of a trial after the mistake."""
        return [
            msgspec.structs.replace(
                check, message=re.sub(r", at .*, line (\d+)", r", line \1", check.message)
            )
            for check in result.checks
        ]

    for known, graded in pairs:
        assert without_file(known) == without_file(graded), known.file
