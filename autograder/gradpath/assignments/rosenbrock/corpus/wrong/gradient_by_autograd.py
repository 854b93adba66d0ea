# loses: gradient
# mistake: the derivatives are to be worked out by hand, and come from autograd through a helper
import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def _slopes(x, y):
    x = torch.as_tensor(x, dtype=torch.float64).clone().requires_grad_()
    y = torch.as_tensor(y, dtype=torch.float64).clone().requires_grad_()
    rosenbrock(x, y).sum().backward()
    return x.grad.numpy(), y.grad.numpy()


def gradient(x, y):
    return _slopes(x, y)


def descend(start, step_size, tolerance, max_iterations):
    point = np.array(start, dtype=np.float64)
    points, losses = [], []
    loss = rosenbrock(point[0], point[1])
    while loss > tolerance and len(points) < max_iterations:
        inner = point[1] - point[0] ** 2
        slope = np.array([-2 * (1 - point[0]) - 400 * point[0] * inner, 200 * inner])
        point = point - step_size * slope
        loss = rosenbrock(point[0], point[1])
        points.append(point)
        losses.append(loss)
    return {"points": points, "losses": losses, "iterations": len(points)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    loss = rosenbrock(point[0], point[1])
    while loss.item() > tolerance and len(points) < max_iterations:
        loss.backward()
        with torch.no_grad():
            point -= step_size * point.grad
        point.grad = None
        loss = rosenbrock(point[0], point[1])
        points.append(point.tolist())
        losses.append(loss.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
