# loses: gradients
# mistake: a dict of layers, each with the gradient of its weight
import numpy as np
import torch
from torch import nn


def flat_features(side: int) -> int:
    rows = ((side - 4) // 2 - 4) // 2
    return 16 * rows**2


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        # Declared from the end to the beginning.
        self.fc3 = nn.Linear(84, 10)
        self.fc2 = nn.Linear(120, 84)
        self.fc1 = nn.Linear(400, 120)
        self.conv2 = nn.Conv2d(6, 16, (5, 5))
        self.conv1 = nn.Conv2d(1, 6, (5, 5))
        self.activation = nn.ReLU()
        self.pool = nn.MaxPool2d(2, stride=2)
        self.flatten = nn.Flatten()

    def forward(self, x):
        # The pool first: the largest of four numbers is the same before and after ReLU.
        x = self.activation(self.pool(self.conv1(x)))
        x = self.activation(self.pool(self.conv2(x)))
        x = self.activation(self.fc1(self.flatten(x)))
        return self.fc3(self.activation(self.fc2(x)))


def mse_loss(output, target):
    target = target[None] if output.ndim == 2 and target.ndim == 1 else target
    if tuple(output.shape) != tuple(target.shape):
        raise ValueError(f"{output.shape} against {target.shape}")
    return nn.functional.mse_loss(output, target)


def graph_walk(loss, steps):
    def walk(node, left):
        if node is None or not left:
            return []
        following = node.next_functions
        return [type(node).__name__] + walk(following[0][0] if following else None, left - 1)

    return walk(loss.grad_fn, steps)


def leaf_shapes(loss):
    leaves = {}

    def visit(node, seen):
        if node is None or node in seen:
            return
        seen.add(node)
        if not node.next_functions and hasattr(node, "variable"):
            leaves[id(node.variable)] = node.variable.shape
        for following, _ in node.next_functions:
            visit(following, seen)

    visit(loss.grad_fn, set())
    return sorted(leaves.values())


def bias_gradient(upstream):
    return np.asarray(upstream).sum(axis=(0, 2, 3))


def gradients(net, x, target):
    names, parameters = zip(*net.named_parameters())
    names = [name.split(".")[0] for name in names]
    return dict(zip(names, torch.autograd.grad(mse_loss(net(x), target), parameters)))


@torch.no_grad()
def sgd_step(net, lr):
    for parameter in filter(lambda p: p.grad is not None, net.parameters()):
        parameter.add_(parameter.grad, alpha=-lr)


def train_manual(net, x, target, lr, steps):
    losses, biases = np.zeros(steps), np.zeros((steps, len(net.conv1.bias)))
    for step in range(steps):
        found = mse_loss(net(x), target)
        for parameter, slope in zip(net.parameters(), torch.autograd.grad(found, net.parameters())):
            parameter.grad = slope
        sgd_step(net, lr)
        losses[step], biases[step] = found.item(), net.conv1.bias.detach().numpy()
    return {"losses": losses, "biases": biases}


def train_optim(net, x, target, lr, steps):
    criterion, optimizer = nn.MSELoss(), torch.optim.SGD(net.parameters(), lr)
    record = {"losses": [], "biases": []}
    for _ in range(steps):
        output = net(x)
        error = criterion(output, target.view_as(output))
        optimizer.zero_grad(set_to_none=False)
        error.backward()
        optimizer.step()
        record["losses"].append(error.detach())
        record["biases"].append(net.conv1.bias.detach().clone())
    return record
