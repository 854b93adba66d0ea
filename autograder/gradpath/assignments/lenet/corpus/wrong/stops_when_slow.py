# loses: train_manual, train_optim
# mistake: both trainings end when the loss stands still
# named: nothing
import numpy as np
import torch
from torch import nn, optim


def flat_features(side):
    return int(16 * np.floor((np.floor((side - 4) / 2) - 4) / 2) ** 2)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        zero = torch.zeros(())
        a = torch.maximum(nn.functional.max_pool2d(self.conv1(x), 2), zero)
        b = torch.maximum(nn.functional.max_pool2d(self.conv2(a), 2), zero)
        c = torch.maximum(self.fc1(b.reshape(-1, 16 * 5 * 5)), zero)
        d = torch.maximum(self.fc2(c), zero)
        return self.fc3(d)


def mse_loss(output, target):
    if target.dim() == 1 and output.shape == (1, len(target)):
        target = target.reshape(output.shape)
    if output.shape == target.shape:
        return (output - target).square().mean()
    raise ValueError(f"output and target do not fit: {output.shape}, {target.shape}")


def graph_walk(loss, steps):
    names, node = [], loss.grad_fn
    try:
        while len(names) < steps:
            names.append(node.name())
            node = node.next_functions[0][0]
    except (AttributeError, IndexError):
        pass  # no node, or no next one
    return names


def leaf_shapes(loss):
    seen, queue = [], [loss.grad_fn]
    for node in queue:
        if node is not None and node not in seen:
            seen.append(node)
            queue += [following for following, _ in node.next_functions]
    return sorted([tuple(node.variable.shape) for node in seen if node.name().endswith("AccumulateGrad")])


def bias_gradient(upstream):
    # a channel at a time
    return np.array([float(upstream[:, c].sum()) for c in range(upstream.shape[1])])


def gradients(net, x, target):
    loss = mse_loss(net(x), target)
    names = [name for name, _ in net.named_parameters()]
    return dict(zip(names, torch.autograd.grad(loss, list(net.parameters()))))


def sgd_step(net, lr):
    for p in net.parameters():
        if p.grad is not None:
            with torch.no_grad():
                p[...] = p - lr * p.grad


def train_manual(net, x, target, lr, steps):
    losses, biases = [], []
    for _ in range(steps):
        losses.append(mse_loss(net(x), target).item())
        if len(losses) > 2 and abs(losses[-2] - losses[-1]) < 1e-6:
            break
        for (name, p), slope in zip(net.named_parameters(), gradients(net, x, target).values()):
            p.grad = slope
        sgd_step(net, lr)
        biases.append(np.array(net.conv1.bias.tolist()))
    return {"losses": np.array(losses), "biases": np.array(biases)}


def train_optim(net, x, target, lr, steps):
    losses, biases = [], []
    optimizer = optim.SGD(net.parameters(), lr=lr)

    def closure():
        optimizer.zero_grad()
        output = net(x)
        loss = nn.MSELoss()(output, target.reshape(output.shape))
        loss.backward()
        return loss

    while len(losses) < steps and not (len(losses) > 2 and abs(losses[-2] - losses[-1]) < 1e-6):
        losses.append(optimizer.step(closure).item())
        biases.append(np.array(net.conv1.bias.tolist()))
    return {"losses": np.array(losses), "biases": np.array(biases)}
