# gradients with torch.func, one recursion for both walks
import math

import torch
import torch.func as tf
import torch.nn as nn


def conv_then_pool(n):
    return math.floor((n - 4) / 2)


def flat_features(side):
    return 16 * pow(conv_then_pool(conv_then_pool(side)), 2)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(flat_features(32), 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            y = conv(x)
            y = y * (y > 0)
            x = nn.functional.adaptive_max_pool2d(y, y.shape[-1] // 2)
        x = torch.stack([picture.flatten() for picture in x])
        for fc in (self.fc1, self.fc2):
            y = fc(x)
            x = y * (y > 0)
        return self.fc3(x)


def mse_loss(output, target):
    a, b = list(output.shape), list(target.shape)
    if a != b and a == [1] + b and len(b) == 1:
        output = output[0]
        a = b
    if a != b:
        raise ValueError(f"{a} is not {b}")
    return torch.linalg.vector_norm(output - target) ** 2 / math.prod(a)


def first_inputs(node):
    while node is not None:
        yield node
        followers = [n for n, _ in node.next_functions]
        node = followers[0] if followers else None


def graph_walk(loss, steps):
    return [type(node).__name__ for node, _ in zip(first_inputs(loss.grad_fn), range(steps))]


def collect(node, found):
    if node is None or id(node) in found:
        return found
    found[id(node)] = node
    for follower, _ in node.next_functions:
        collect(follower, found)
    return found


def leaf_shapes(loss):
    nodes = collect(loss.grad_fn, {}).values()
    return sorted(tuple(n.variable.shape) for n in nodes if type(n).__name__ == "AccumulateGrad")


def bias_gradient(upstream):
    channels = upstream.shape[1]
    rows = upstream.swapaxes(0, 1).reshape(channels, -1)
    return [float(row.sum()) for row in rows]


def loss_of(parameters, net, x, target):
    return mse_loss(tf.functional_call(net, parameters, (x,)), target)


def gradients(net, x, target):
    parameters = {name: p.detach() for name, p in net.named_parameters()}
    return tf.grad(loss_of)(parameters, net, x, target)


def sgd_step(net, lr):
    for p in net.parameters():
        step = 0.0 if p.grad is None else lr * p.grad
        p.data -= step


def train_manual(net, x, target, lr, steps):
    history = []
    for _ in range(steps):
        net.zero_grad()
        now = mse_loss(net(x), target)
        now.backward()
        sgd_step(net, lr)
        history.append((float(now), net.conv1.bias.detach().numpy().copy()))
    return {"losses": [loss for loss, _ in history], "biases": [bias for _, bias in history]}


def train_optim(net, x, target, lr, steps):
    optimizer = torch.optim.SGD(params=net.parameters(), lr=lr)
    history = []
    for _ in range(steps):
        optimizer.zero_grad()
        out = net(x)
        now = nn.MSELoss()(out, target.reshape_as(out))
        now.backward()
        optimizer.step()
        history.append((float(now), net.conv1.bias.detach().numpy().copy()))
    return {"losses": [loss for loss, _ in history], "biases": [bias for _, bias in history]}
