"""The path is written into one array, which grows by doubling."""

import numpy as np
import torch


def rosenbrock(x, y):
    return (x - 1) ** 2 + 100 * (x**2 - y) ** 2


def gradient(x, y):
    offset = x**2 - y
    return np.array([2 * (x - 1) + 400 * x * offset, -200 * offset])


class Trace:
    def __init__(self):
        self.rows = np.empty((16, 3))
        self.count = 0

    def push(self, x, y, loss):
        if self.count == len(self.rows):
            self.rows = np.concatenate([self.rows, np.empty_like(self.rows)])
        self.rows[self.count] = x, y, loss
        self.count += 1

    def record(self):
        used = self.rows[: self.count]
        return {"points": used[:, :2], "losses": used[:, 2], "iterations": np.int64(self.count)}


def descend(start, step_size, tolerance, max_iterations):
    trace = Trace()
    x, y = np.float64(start[0]), np.float64(start[1])
    loss = rosenbrock(x, y)
    while loss > tolerance and trace.count < max_iterations:
        gx, gy = gradient(x, y)
        x -= step_size * gx
        y -= step_size * gy
        loss = rosenbrock(x, y)
        trace.push(x, y, loss)
    return trace.record()


def descend_autograd(start, step_size, tolerance, max_iterations):
    trace = Trace()
    x = torch.tensor(start[0], dtype=torch.float64, requires_grad=True)
    y = torch.tensor(start[1], dtype=torch.float64, requires_grad=True)
    loss = rosenbrock(x, y)
    while loss.item() > tolerance and trace.count < max_iterations:
        x.grad = y.grad = None
        loss.backward()
        x.data.sub_(x.grad, alpha=step_size)
        y.data.sub_(y.grad, alpha=step_size)
        loss = rosenbrock(x, y)
        trace.push(x.item(), y.item(), loss.item())
    return trace.record()
