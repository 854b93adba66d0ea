"""Questions for talks about hidden_layer: zeros at the start, dead units, both trainings."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.assignments.hidden_layer.public import (
    NAMES,
    START,
    TRAINED,
    as_layers,
    tensors,
    trained_model,
)
from gradpath.course.declare import (
    Case,
    Entry,
    Exceeds,
    Falls,
    Question,
    Tensor,
    WhatIf,
    WhichCurve,
    WhichLine,
    Why,
    case,
    documented,
)

_RUN = documented("hidden_layer")
_SIZES = [_RUN["num_features"], _RUN["num_hidden"], _RUN["num_classes"]]
_X = np.array(_RUN["x"], dtype=np.float32)
_LABELS = np.array(_RUN["labels"], dtype=np.int64)
_START = {name: np.array(START[name], dtype=np.float32) for name in NAMES}
_ZEROS = {name: np.zeros_like(value) for name, value in _START.items()}
_DEAD = {**_START, "B1": np.full_like(_START["B1"], -10.0)}


def _run(
    x: Any = _X, labels: Any = _LABELS, start: Any = None, lr: float = 0.01, epochs: int = 30
) -> Case:
    start = _START if start is None else start
    given = (Tensor(x), Tensor(labels), tensors(start), lr, epochs)
    return case("train_manual", *given, expect=TRAINED)


def _own_model(epochs: int) -> Case:
    start = as_layers(_START)
    given = ("own", _SIZES, start, Tensor(_X), Tensor(_LABELS), 0.01, epochs)
    return case("train_optim", *given, probe=True, expect=trained_model())


QUESTIONS: tuple[Question, ...] = (
    WhatIf(
        "all parameters are 0 at the start, and there are 30 epochs of `train_manual`",
        _run(start=_ZEROS),
        (
            Entry("losses", (0,)),
            Entry("parameters.W1", (0, 0)),
            Entry("parameters.Wout", (0, 0)),
        ),
        (
            "All classes get the probability 1/3, so the first loss is ln 3 = 1.0986.",
            "The hidden units are 0 and `Wout` is 0, so no gradient gets past either: only `Bout` "
            "moves, and the network learns how frequent the classes are.",
        ),
    ),
    WhatIf(
        "all of `B1` is -10 at the start, and there are 30 epochs of `train_manual`",
        _run(start=_DEAD),
        (Entry("parameters.W1", (0, 0)), Entry("parameters.Wout", (0, 0)), Falls("losses")),
        (
            "No hidden unit is above 0 at any of the points: the ReLU cuts all gradients off, and "
            "`W1`, `B1` and `Wout` stay as they are.",
            "`Bout` still learns, so the loss falls a little.",
        ),
    ),
    WhatIf(
        "the learning rate is 0.5 instead of 0.01, for 30 epochs of `train_manual`",
        _run(lr=0.5),
        (Falls("losses"), Exceeds("losses", 1.0)),
        (
            "The first loss is that of the start, whatever the learning rate is.",
            "Six points and a small network allow large steps; a loss may still rise now and then.",
        ),
    ),
    WhatIf(
        "there is one sample alone, (1, 0) of class 1, for 30 epochs of `train_manual`",
        _run(x=_X[1:2], labels=_LABELS[1:2]),
        (Falls("losses"), Entry("losses", (0,))),
        (
            "The loss is -ln of the probability of class 1 at this point.",
            "With one sample nothing speaks against its class: the loss falls towards 0.",
        ),
    ),
    WhatIf(
        "all six labels are 0, for 30 epochs of `train_manual`",
        _run(labels=np.zeros_like(_LABELS)),
        (Falls("losses"), Entry("losses", (0,))),
        (
            "The first loss is small where the start prefers class 0 anyway, as it does here.",
            "The bias of class 0 alone could do it.",
        ),
    ),
    WhichCurve(
        _run(lr=0.1, epochs=40),
        "losses",
        (
            "gradients-not-zeroed",
            "sum-instead-of-mean",
            "double-softmax",
            "relu-missing",
            "softmax-over-samples",
            "step-divided-by-count",
        ),
        x="epoch",
        y="loss",
        run="40 epochs of the run of the text, with a learning rate of 0.1",
    ),
    WhichLine(
        _run(epochs=3), 2, "parameters", ("losses",), run="three epochs of the run of the text"
    ),
    WhichLine(_own_model(3), 2, "model", ("losses",), run="three epochs of the run of the text"),
    Why(
        "Your `train_manual` starts at a loss of {losses[0]}. A guess with equal probabilities "
        "would have ln 3 = 1.0986. How can random weights be better than that?",
        (
            "Half of the points are of class 0, and this start predicts class 0 everywhere.",
            "Another start could as well be worse than guessing.",
        ),
        _run(),
        "Random weights have a loss of 0.8916 in the text's run, a guess with equal probabilities "
        "ln 3 = 1.0986. How can that be?",
    ),
    Why(
        "After the first epoch the loss of your `train_manual` is {losses[1]}, before it "
        "{losses[0]}. Which line makes the difference, and what would the two be without the line "
        "that sets the gradients to zero?",
        (
            "The step makes it. The first two losses would be the same: the gradients are clean in "
            "the first epoch anyway.",
            "From the second step on the old gradients would be added.",
        ),
        _run(),
        "Which of the first losses change if the gradients are never set to zero? Why?",
    ),
    Why(
        "In `backward`, the gradient by the logits is (probabilities - one_hot) / n. Where do the "
        "logarithm and the exponential of the loss go?",
        (
            "The derivative of ln of the softmax by a logit is one_hot - probability: they cancel.",
            "The n is that of the mean over the samples.",
        ),
    ),
    Why(
        "Two forms of the network follow the same losses, with four tensors and with `nn.Module`. "
        "Why do they only if both start from the same weights, and what is the trap in copying "
        "them?",
        (
            "Different starts lead along different paths, to different networks.",
            "`nn.Linear` stores its weight as (out, in): it has to be transposed.",
        ),
    ),
)
