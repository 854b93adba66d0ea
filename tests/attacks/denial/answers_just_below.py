# Answers that are large, each below any bound on one of them: only together they are too much.
import numpy as np

TARGET = {}
TURN = 0


def answer(*arguments):
    global TURN
    TURN += 1
    values = [
        np.zeros(60_000),
        np.zeros(400_000, "i1"),
        {str(number): [None] * 9 for number in range(900)},
        ["x" * 1_000] * 400,
    ]
    return values[TURN % 4]


forward = loss = mean_squared_error = sweep = best_weight = weight_grid = plot_sweep = answer
