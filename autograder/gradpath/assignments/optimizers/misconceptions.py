"""Known mistakes in optimizers, the common ones first.

The rules have one frame, so most mistakes are the same edit in several of them.
"""

from __future__ import annotations

from gradpath.course.declare import Misconception, Variant, edit, rewrite

_RULES = ("sgd", "momentum", "adagrad", "rmsprop", "adam")
_ADAPTIVE = {"adagrad": "total", "rmsprop": "mean", "adam": "v_hat"}
"""The rules that divide by a root, with the name that stands under it."""

_COPY = "np.array(w, dtype=float)"
_GRADIENTS = "np.array(gradients, dtype=float)"
_APPEND = "        history.append(w)\n"
_LOOP = f"    for g in {_GRADIENTS}:\n"
_ADAM_LOOP = f"    for t, g in enumerate({_GRADIENTS}, 1):\n"
_VELOCITY = "momentum * velocity + g"
_MEAN = "decay * mean + (1 - decay) * g * g"
_M = "beta1 * m + (1 - beta1) * g"
_V = "beta2 * v + (1 - beta2) * g * g"
_M_HAT = "m / (1 - beta1**t)"
_V_HAT = "v / (1 - beta2**t)"
_WALK = "x, y = rule(w, gradients, lr, *settings)[-1]"
_LOSS = "0.5 * x**2 + 10 * y**2"
_BEGIN = "        x, y = float(w[0]), float(w[1])\n        gradients, losses = [], []\n"


def _loop(rule: str) -> str:
    return _ADAM_LOOP if rule == "adam" else _LOOP


def _root(rule: str, new: str) -> Variant:
    """Change the divisor of a rule; S stands for the name under its root."""
    under = _ADAPTIVE[rule]
    return edit(rule, (f"(np.sqrt({under}) + eps)", new.replace("S", under)))


def _left(rule: str, state: str, update: str, step: str) -> Variant:
    """A state that lives as long as the module, in a default argument."""
    arguments = {
        "momentum": "momentum",
        "adagrad": "eps",
        "rmsprop": "decay, eps",
        "adam": "beta1, beta2, eps",
    }[rule]
    return rewrite(
        rule,
        f"""
        def {rule}(w, gradients, lr, {arguments}, state={{}}):
            w = np.array(w, dtype=float)
            history = []
            for t, g in enumerate(np.array(gradients, dtype=float), 1):
                {state}
                {update}
                w = w - lr * {step}
                history.append(w)
            return np.array(history)
        """,
        remembers=True,
    )


_LEFT_MEANS = (
    'm, v = state.get("m", 0.0), state.get("v", 0.0)',
    f'm = state["m"] = {_M}; v = state["v"] = {_V}',
    "(m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)",
)

MISCONCEPTIONS = [
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "The step goes the opposite way. The gradient points uphill. In which direction does the "
        "loss fall?",
        tuple(edit(rule, ("w - lr", "w + lr")) for rule in _RULES),
        fact="The size of the step is right, its direction is not.",
    ),
    Misconception(
        "weights-before-update",
        "The weights are recorded before the step",
        "The history lags one step behind: each row belongs to the weights before the step. After "
        "which line do the weights of a step exist?",
        tuple(edit(rule, (_APPEND, ""), (_loop(rule), _loop(rule) + _APPEND)) for rule in _RULES),
        fact="The first row is the start.",
    ),
    Misconception(
        "history-with-start",
        "The history begins with the start, which is no step",
        "There is one entry too many: in front stands the start, or its loss, from before the "
        "first step. How many steps are there, and which is the first entry to show?",
        (
            *(edit(rule, ("history = []", "history = [w]")) for rule in _RULES),
            edit("compare", (_BEGIN, f"{_BEGIN}        losses.append({_LOSS})\n")),
        ),
    ),
    Misconception(
        "last-step-only",
        "Only the end of the run is returned",
        "The answer is that of the last step alone. The text asks for every step. Where could the "
        "values of the others be collected?",
        (
            *(edit(rule, ("return np.array(history)", "return w")) for rule in _RULES),
            edit("compare", ("np.array(losses)", "losses[-1]")),
        ),
    ),
    Misconception(
        "eps-inside-root",
        "eps is added under the root",
        "The divisor is the root of a sum, with eps in it. In the text eps is added to something "
        "else. To what, and where does your root end?",
        tuple(_root(rule, "np.sqrt(S + eps)") for rule in _ADAPTIVE),
    ),
    Misconception(
        "eps-before-correction",
        "eps is added before the bias correction",
        "The root of the uncorrected mean gets eps, and the correction comes afterwards, so eps is "
        "corrected as well. Many books write it that way; which order does the text have?",
        (
            edit(
                "adam",
                (
                    "lr * m_hat / (np.sqrt(v_hat) + eps)",
                    "lr * np.sqrt(1 - beta2**t) * m_hat / (np.sqrt(v) + eps)",
                ),
            ),
        ),
    ),
    Misconception(
        "bias-correction-missing",
        "The means are not corrected",
        "Both means begin at 0 and are taken as they are, so they are too small at first. Which "
        "two lines of Adam make up for that?",
        (edit("adam", (_M_HAT, "m"), (_V_HAT, "v")),),
    ),
    Misconception(
        "one-correction-missing",
        "One of the two bias corrections is missing",
        "One of the two means is corrected, the other is taken as it is. How many means does Adam "
        "keep, and which of them begin at 0?",
        (edit("adam", (_V_HAT, "v")), edit("adam", (_M_HAT, "m"))),
    ),
    Misconception(
        "exponent-off-by-one",
        "The exponent of the bias correction is not the number of the step",
        "The correction belongs to another step: its exponent is off by one, or stays the same. "
        "Which exponent does the first step have, and which the second?",
        (
            edit("adam", (f"{_GRADIENTS}, 1)", f"{_GRADIENTS})")),
            edit("adam", (f"{_GRADIENTS}, 1)", f"{_GRADIENTS}, 2)")),
            edit("adam", ("beta1**t", "beta1"), ("beta2**t", "beta2")),
            # Plain floats refuse to divide by the 0 of the first step.
            rewrite(
                "adam",
                """
                def adam(w, gradients, lr, beta1, beta2, eps):
                    columns = []
                    for x, column in zip(w, zip(*gradients)):
                        m = v = 0.0
                        rows = []
                        for t, g in enumerate(map(float, column)):
                            m = beta1 * m + (1 - beta1) * g
                            v = beta2 * v + (1 - beta2) * g**2
                            step = m / (1 - beta1**t) / ((v / (1 - beta2**t)) ** 0.5 + eps)
                            x = float(x) - lr * step
                            rows.append(x)
                        columns.append(rows)
                    return np.array(columns).T
                """,
            ),
        ),
        raises="ZeroDivisionError",
    ),
    Misconception(
        "betas-exchanged",
        "beta1 and beta2 have changed places",
        "One of the two settings stands where the other belongs. Which of the means does beta1 "
        "belong to, which beta2, and in which order are they handed over?",
        (
            edit("adam", ("lr, beta1, beta2, eps", "lr, beta2, beta1, eps")),
            edit("adam", (_V_HAT, "v / (1 - beta1**t)")),
            edit("adam", (_M, "beta2 * m + (1 - beta2) * g"), (_V, _V.replace("beta2", "beta1"))),
            edit("compare", ("0.9, 0.999", "0.999, 0.9")),
        ),
    ),
    Misconception(
        "corrected-mean-kept",
        "The corrected mean is kept for the next step",
        "What was corrected once goes into the next mean and is corrected again. Which of the two "
        "is remembered in the text, the mean or its corrected value?",
        (
            edit(
                "adam",
                (f"m_hat = {_M_HAT}", f"m = {_M_HAT}"),
                (f"v_hat = {_V_HAT}", f"v = {_V_HAT}"),
                ("lr * m_hat / (np.sqrt(v_hat)", "lr * m / (np.sqrt(v)"),
            ),
        ),
    ),
    Misconception(
        "nesterov",
        "The step looks ahead, as Nesterov's does",
        "The momentum is used once more in the step itself. That is another rule, the option "
        "`nesterov` of torch. Which vector alone does the step of the text go along?",
        (edit("momentum", ("w - lr * velocity", "w - lr * (g + momentum * velocity)")),),
    ),
    Misconception(
        "dampened-momentum",
        "The new gradient is dampened",
        "The velocity is a mean of the gradients, and not their sum. Adam's means weigh the new "
        "gradient like that. What stands in front of it in the text's velocity?",
        (
            edit("momentum", ("velocity + g", "velocity + (1 - momentum) * g")),
            # As torch does it with its option: the first gradient counts in full.
            edit(
                "momentum",
                (
                    "velocity = momentum * velocity + g",
                    "velocity = momentum * velocity + (1 - momentum) * g if history else g",
                ),
            ),
        ),
    ),
    Misconception(
        "sum-for-mean",
        "A running sum stands where a running mean belongs",
        "The new term counts in full, so the state grows to a multiple of a mean. With which "
        "weights do the old mean and the new term come together, and what is their sum?",
        (
            edit("rmsprop", ("(1 - decay) * g * g", "g * g")),
            edit("rmsprop", (_MEAN, "mean + g * g")),
            edit("adam", (_M, "beta1 * m + g"), (_V, "beta2 * v + g * g")),
            edit("adam", (_V, "beta2 * v + g * g")),
        ),
    ),
    Misconception(
        "mean-for-sum",
        "A mean of the squares stands where their sum belongs",
        "The squares are averaged, and so the steps do not get shorter as they should. Is what "
        "this rule collects divided by anything in the text?",
        (
            edit("adagrad", ("np.sqrt(total)", "np.sqrt(total / (len(history) + 1))")),
            edit("adagrad", ("total + g * g", "0.9 * total + 0.1 * g * g")),
        ),
    ),
    Misconception(
        "decay-on-wrong-term",
        "The decay stands in front of the new term",
        "The weights of the running mean are the wrong way round: the new term counts most, and "
        "the old mean is nearly forgotten. Which of the two should be kept for the most part?",
        (
            edit("rmsprop", (_MEAN, "(1 - decay) * mean + decay * g * g")),
            edit(
                "adam",
                (_M, "(1 - beta1) * m + beta1 * g"),
                (_V, "(1 - beta2) * v + beta2 * g * g"),
            ),
            edit("adam", (_V, "(1 - beta2) * v + beta2 * g * g")),
        ),
    ),
    Misconception(
        "gradient-not-squared",
        "The gradient itself stands where its square belongs",
        "The state under the root collects gradients, or their sizes, and not their squares. What "
        "would the root of such a sum measure, and what does the text collect?",
        tuple(edit(rule, ("g * g", new)) for rule in _ADAPTIVE for new in ("g", "np.abs(g)")),
    ),
    Misconception(
        "root-missing",
        "The step is divided without a root",
        "The divisor is a square and not a length. In which unit is a squared gradient, and what "
        "brings it back to that of a gradient?",
        tuple(_root(rule, "(S + eps)") for rule in _ADAPTIVE),
    ),
    Misconception(
        "bracket-slip",
        "A bracket stands in the wrong place, or is missing",
        "All parts of the formula are there, but a bracket is closed too late, too early or not at "
        "all. Which operation comes first in your line?",
        (
            *(_root(rule, "np.sqrt(S) + eps") for rule in _ADAPTIVE),
            edit(
                "adam", ("1 - beta1**t", "(1 - beta1) ** t"), ("1 - beta2**t", "(1 - beta2) ** t")
            ),
            edit("rmsprop", ("(1 - decay) * g", "1 - decay * g")),
        ),
    ),
    Misconception(
        "eps-missing",
        "eps is left out",
        "Nothing is added to the root. For a weight that has only seen gradients of zero, the "
        "quotient is then 0 / 0. Which argument is there to prevent that?",
        tuple(_root(rule, "np.sqrt(S)") for rule in _ADAPTIVE),
    ),
    Misconception(
        "state-reset",
        "The state begins at 0 in every step",
        "Nothing is kept from one step to the next, so each step is a first step. Where does the "
        "state get its first value: before the loop, or in it?",
        (
            edit("momentum", ("momentum * velocity + g", "g")),
            edit("adagrad", ("total + g * g", "g * g")),
            edit("rmsprop", (_MEAN, "(1 - decay) * g * g")),
            edit("adam", (_M, "(1 - beta1) * g"), (_V, "(1 - beta2) * g * g")),
            edit("adam", (_M_HAT, "g"), (_V_HAT, "g * g")),
            edit("compare", (_WALK, "x, y = rule([x, y], gradients[-1:], lr, *settings)[-1]")),
        ),
    ),
    Misconception(
        "state-shared",
        "The state of one call is still there in the next",
        "The first call is right, and later ones begin with the state that the call before has "
        "left. How long does a default argument live, or a name outside of the function?",
        (
            _left(
                "momentum",
                'velocity = momentum * state.get("velocity", 0.0) + g',
                'state["velocity"] = velocity',
                "velocity",
            ),
            _left(
                "adagrad",
                'total = state.get("total", 0.0) + g * g',
                'state["total"] = total',
                "g / (np.sqrt(total) + eps)",
            ),
            _left(
                "rmsprop",
                'mean = decay * state.get("mean", 0.0) + (1 - decay) * g * g',
                'state["mean"] = mean',
                "g / (np.sqrt(mean) + eps)",
            ),
            _left("adam", *_LEFT_MEANS),
            _left(
                "adam",
                f't = state["t"] = state.get("t", 0) + 1; {_LEFT_MEANS[0]}',
                *_LEFT_MEANS[1:],
            ),
        ),
        raises="operands could not be broadcast together",
    ),
    Misconception(
        "state-after-step",
        "The step is made before the state is updated",
        "Each step uses the state from before its own gradient. In the text, which comes first: "
        "the update of the state, or that of the weights?",
        tuple(
            edit(rule, (update, ""), (_APPEND, f"{update}{_APPEND}"))
            for rule, update in (
                ("adagrad", "        total = total + g * g\n"),
                ("rmsprop", f"        mean = {_MEAN}\n"),
                ("adam", f"        m = {_M}\n        v = {_V}\n"),
            )
        ),
    ),
    Misconception(
        "one-scale-for-all",
        "All weights share one scale",
        "The squares of all weights are added up into one number, so steep and flat directions get "
        "the same step length. For how many weights does the text keep such a state?",
        (
            edit("adagrad", ("g * g", "np.sum(g * g)")),
            edit("rmsprop", ("(1 - decay) * g * g", "(1 - decay) * np.sum(g * g)")),
            edit("adam", ("(1 - beta2) * g * g", "(1 - beta2) * np.sum(g * g)")),
        ),
    ),
    Misconception(
        "other-settings",
        "A rule is run with other settings than those of the text",
        "The rules themselves are right; one of them is handed a setting that the table of the "
        "text does not have, such as a default of a library. Which rule, and which setting?",
        tuple(
            edit("compare", (old, new))
            for old, new in (
                ("0.99, 1e-8", "0.9, 1e-8"),
                ("(adagrad, (1e-8,))", "(adagrad, (1e-10,))"),
                ("0.9, 0.999", "0.9, 0.99"),
            )
        ),
    ),
    Misconception(
        "settings-hard-coded",
        "A setting is fixed in the code, or left out",
        "A setting that is handed over makes no difference: the code has a number of its own in "
        "its place, or nothing. Which of the arguments is not used?",
        (
            edit("momentum", ("momentum * velocity", "0.9 * velocity")),
            edit("momentum", ("momentum * velocity", "velocity")),
            *(_root(rule, "(np.sqrt(S) + 1e-8)") for rule in _ADAPTIVE),
            edit("rmsprop", (_MEAN, "0.99 * mean + (1 - 0.99) * g * g")),
            edit(
                "adam",
                (_loop("adam"), f"    beta1, beta2 = 0.9, 0.999\n{_loop('adam')}"),
            ),
            edit(
                "adam",
                (_loop("adam"), f"    beta1, beta2, eps = 0.9, 0.999, 1e-8\n{_loop('adam')}"),
            ),
        ),
    ),
    Misconception(
        "learning-rate-scaled",
        "The step is not the learning rate that was given",
        "The length of the step is off by a constant factor. Where in your update does the "
        "argument lr come in, and how often?",
        (
            *(edit("sgd", ("lr * g", f"{rate} * g")) for rate in ("0.01", "0.1 * lr")),
            edit("momentum", ("velocity + g", "velocity + lr * g")),
            edit("compare", ("gradients, lr,", "gradients, 0.01,")),
        ),
    ),
    Misconception(
        "steps-off-by-one",
        "One step too many or too few",
        "A gradient is left out, or the run has another length. How many rows does the answer have "
        "for a single step?",
        (
            *(edit("sgd", (_GRADIENTS, f"{_GRADIENTS}{part}")) for part in ("[1:]", "[:-1]")),
            edit("compare", ("range(steps)", "range(1, steps)")),
        ),
    ),
    Misconception(
        "integer-state",
        "The weights are kept in whole numbers",
        "Whole numbers make an array of whole numbers, and that cannot hold a part of one: it "
        "raises, or cuts the part off. Which type do your arrays have, and which line decides?",
        (
            *(
                edit(
                    rule,
                    (_COPY, "np.array(w)"),
                    ("w = w -", "w -="),
                    ("append(w)", "append(w.copy())"),
                )
                for rule in _RULES
            ),
            edit(
                "sgd",
                (
                    f"    history = []\n{_LOOP}",
                    "    history = np.zeros_like(np.array(gradients))\n"
                    f"    for t, g in enumerate({_GRADIENTS}):\n",
                ),
                ("history.append(w)", "history[t] = w"),
            ),
        ),
        raises=r"Cannot cast ufunc '\w+' output from",
    ),
    Misconception(
        "aliased-history",
        "The same array is in the history again and again",
        "One array was appended many times, and it changes in place. What does a list hold, a copy "
        "or the thing itself?",
        tuple(edit(rule, ("w = w -", "w -=")) for rule in _RULES),
        fact="All rows of the history are equal.",
    ),
    Misconception(
        "mutates-arguments",
        "The function changes what it was given",
        "After the call the caller's data are not what they were, so the next call starts "
        "elsewhere. Which line writes into an object that came in as an argument?",
        (
            *(
                edit(
                    rule,
                    (_COPY, "np.asarray(w, dtype=float)"),
                    ("w = w -", "w -="),
                    ("append(w)", "append(w.copy())"),
                )
                for rule in _RULES
            ),
            edit(
                "sgd",
                (_GRADIENTS, "np.asarray(gradients, dtype=float)"),
                ("w = w - lr * g", "g *= lr\n        w = w - g"),
            ),
        ),
        only_fails=tuple(f"{rule}.repeatable" for rule in _RULES),
        evidence="changed arguments",
    ),
    Misconception(
        "bowl-gradient",
        "The gradient is not that of the bowl",
        "The losses are those of another descent: a factor in the gradient of f is not the one of "
        "the formula. What are the derivatives of x^2 / 2 and of 10 y^2?",
        tuple(edit("compare", ("[x, 20 * y]", new)) for new in ("[x, 10 * y]", "[2 * x, 20 * y]")),
    ),
    Misconception(
        "bowl-value",
        "The loss is not the height of the bowl",
        "The paths are right, and the losses are off: a factor or a square of f is not the one of "
        "the formula. What does f give for (2, 1)?",
        tuple(
            edit("compare", (_LOSS, new))
            for new in (
                "x**2 + 10 * y**2",
                "0.5 * x**2 + 5 * y**2",
                "0.5 * x + 10 * y",
            )
        ),
    ),
    Misconception(
        "loss-before-update",
        "The loss is recorded before the step",
        "The losses lag one step behind: each belongs to the point before the step. Which point "
        "does the text ask the loss to be taken at?",
        (
            edit(
                "compare",
                (f"            losses.append({_LOSS})\n", ""),
                (
                    "            gradients.append",
                    f"            losses.append({_LOSS})\n            gradients.append",
                ),
            ),
        ),
        fact="The first loss is that of the start.",
    ),
    Misconception(
        "start-moved",
        "The rule is called from the present point with all gradients so far",
        "Steps that were made already are made once more. If the gradients begin with the first "
        "step, which point do they have to be counted from?",
        (edit("compare", ("rule(w,", "rule([x, y],")),),
    ),
    Misconception(
        "rules-share-a-path",
        "A rule does not have a path of its own",
        "Point or gradients of one rule are used in another. Where does each rule begin, and at "
        "whose points are its gradients taken?",
        (
            # The next rule goes on where the one before has ended, or with its gradients.
            edit("compare", ("np.array(losses)", "np.array(losses)\n        w = [x, y]")),
            edit(
                "compare",
                ("        gradients, losses = [], []\n", "        losses = []\n"),
                ("    record = {}\n", "    record = {}\n    gradients = []\n"),
            ),
            # All rules are handed the gradients that the first one has met.
            edit(
                "compare",
                (
                    "gradients, losses = [], []",
                    "losses = []",
                ),
                ("    record = {}\n", "    record = {}\n    gradients = []\n"),
                (
                    "            gradients.append([x, 20 * y])\n",
                    "            gradients += [[x, 20 * y]] if name == 'sgd' else []\n",
                ),
                (_WALK, "x, y = rule(w, gradients[: len(losses) + 1], lr, *settings)[-1]"),
            ),
        ),
    ),
    Misconception(
        "strictly-below",
        "A loss that equals the level does not count",
        "A loss that is exactly the level is passed over. Does the text ask for losses below the "
        "level, or for losses at or below it?",
        (edit("steps_to", ("<=", "<")),),
    ),
    Misconception(
        "counted-from-one",
        "The index counts from 1",
        "The number is one too large. Which index does the first loss have?",
        (edit("steps_to", ("return step", "return step + 1")),),
    ),
    Misconception(
        "return-in-loop",
        "The function returns in the first round of its loop",
        "The first loss alone decides: a function is over when it returns. When do you know that "
        "no loss is small enough?",
        (
            edit(
                "steps_to",
                ("return step\n", "return step\n        return -1\n"),
                ("\n    return -1", ""),
            ),
        ),
    ),
    Misconception(
        "level-never-reached",
        "A run that never gets there has another answer than -1",
        "Where no loss is small enough, the text asks for one fixed number. Which, and what does "
        "your code give then?",
        tuple(
            edit("steps_to", ("return -1", new))
            for new in ("return len(losses)", "return 0", "return None")
        ),
    ),
    Misconception(
        "not-the-first",
        "Another step than the first one is found",
        "The step is another one than the first that is small enough: the last one, the smallest "
        "loss, or the number of such losses. A loss may rise again. When may your search end?",
        (
            rewrite(
                "steps_to",
                """
                def steps_to(losses, level):
                    found = -1
                    for step, loss in enumerate(losses):
                        if loss <= level:
                            found = step
                    return found
                """,
            ),
            rewrite(
                "steps_to",
                """
                def steps_to(losses, level):
                    best = int(np.argmin(losses))
                    return best if losses[best] <= level else -1
                """,
            ),
            rewrite(
                "steps_to",
                """
                def steps_to(losses, level):
                    above = sum(loss > level for loss in losses)
                    return above if above < len(losses) else -1
                """,
            ),
            rewrite(
                "steps_to",
                """
                def steps_to(losses, level):
                    return sum(loss <= level for loss in losses) or -1
                """,
            ),
        ),
    ),
    Misconception(
        "loss-for-index",
        "The loss is returned instead of its index",
        "The number is a loss and not its place in the run. Which of the two is asked for?",
        (edit("steps_to", ("return step", "return loss")),),
    ),
]
