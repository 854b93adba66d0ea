# loses: descend
# mistake: both walks are one helper that lets backward() find the gradient
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def gradient(x, y):
    return 2 * (x - 1) + 400 * x * (x * x - y), 200 * (y - x * x)


class Walk:
    def __init__(self, start):
        self.point = torch.tensor([float(s) for s in start], dtype=torch.double, requires_grad=True)
        self.value = rosenbrock(*self.point)
        self.points, self.losses = [], []

    def step(self, size):
        self.value.backward()
        with torch.no_grad():
            self.point -= size * self.point.grad
        self.point.grad = None
        self.value = rosenbrock(*self.point)
        self.points.append(self.point.detach().numpy().copy())
        self.losses.append(self.value.item())


def descend(start, step_size, tolerance, max_iterations):
    walk = Walk(start)
    while len(walk.losses) < max_iterations and walk.value.item() > tolerance:
        walk.step(step_size)
    return {"points": walk.points, "losses": walk.losses, "iterations": len(walk.losses)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    walk = Walk(start)
    for _ in range(max_iterations):
        if walk.value.item() <= tolerance:
            break
        walk.step(step_size)
    return {"points": walk.points, "losses": walk.losses, "iterations": len(walk.losses)}
