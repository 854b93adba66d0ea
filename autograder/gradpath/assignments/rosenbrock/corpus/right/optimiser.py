import numpy as np
import torch
from torch import nn, optim


class Valley(nn.Module):
    def __init__(self, start):
        super().__init__()
        self.x = nn.Parameter(torch.tensor(start[0], dtype=torch.float64))
        self.y = nn.Parameter(torch.tensor(start[1], dtype=torch.float64))

    def forward(self):
        return rosenbrock(self.x, self.y)

    def where(self):
        return self.x.item(), self.y.item()


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def gradient(x, y):
    df_dx = 2 * (x - 1) + 400 * x * (x * x - y)
    df_dy = 200 * (y - x * x)
    return (df_dx, df_dy)


def descend(start, step_size, tolerance, max_iterations):
    position = np.array([start[0], start[1]], dtype=float)
    points, losses = [], []
    while len(points) < max_iterations and rosenbrock(position[0], position[1]) > tolerance:
        position -= step_size * np.array(gradient(position[0], position[1]))
        points.append(position.copy())
        losses.append(rosenbrock(position[0], position[1]))
    return {"points": points, "losses": losses, "iterations": len(points)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    model = Valley(start)
    optimizer = optim.SGD(model.parameters(), lr=step_size)
    points, losses = [], []
    value = model()
    while len(points) < max_iterations and value.item() > tolerance:
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        value = model()
        points.append(model.where())
        losses.append(value.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
