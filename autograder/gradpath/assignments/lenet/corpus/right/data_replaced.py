"""Updates through .data, in the way of old tutorials."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F


def flat_features(side):
    with torch.no_grad():
        x = torch.zeros(1, 1, side, side)
        x = F.max_pool2d(nn.Conv2d(1, 1, 5)(x), 2)
        x = F.max_pool2d(nn.Conv2d(1, 1, 5)(x), 2)
    return 16 * x.numel()


class LeNet(nn.Module):
    def __init__(self):
        nn.Module.__init__(self)
        conv, linear = [(1, 6), (6, 16)], [(400, 120), (120, 84), (84, 10)]
        for i, (a, b) in enumerate(conv, start=1):
            setattr(self, f"conv{i}", nn.Conv2d(a, b, 5))
        for i, (a, b) in enumerate(linear, start=1):
            setattr(self, "fc%d" % i, nn.Linear(a, b))

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2, 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2, 2)
        x = torch.relu(self.fc1(x.view(x.size(0), -1)))
        return self.fc3(torch.relu(self.fc2(x)))


def mse_loss(output, target):
    if output.size() != target.size() and target.dim() == 1:
        target = target.view(1, -1)
    if output.size() != target.size():
        raise ValueError("sizes: %s, %s" % (output.size(), target.size()))
    return nn.MSELoss()(output, target)


def graph_walk(loss, steps):
    f, names = loss.grad_fn, []
    while f and steps > 0:
        names.append(f.__class__.__name__)
        steps -= 1
        f = f.next_functions[0][0] if len(f.next_functions) else None
    return names


def leaf_shapes(loss):
    out, stack, done = [], [loss.grad_fn], set()
    while stack:
        f = stack.pop()
        if f in done:
            continue
        done.add(f)
        try:
            out.append(tuple(f.variable.shape))
        except AttributeError:
            pass
        stack.extend(g for g, _ in f.next_functions if g)
    out.sort()
    return out


def bias_gradient(upstream):
    return upstream.sum(0).sum(-1).sum(-1)


def gradients(net, x, target):
    # on a copy, so that nothing is left in the net
    twin = copy.deepcopy(net)
    for p in twin.parameters():
        p.grad = None
    mse_loss(twin(x), target).backward()
    return {n: p.grad for n, p in twin.named_parameters()}


def sgd_step(net, lr):
    for p in net.parameters():
        if p.grad is not None:
            p.data = p.data - lr * p.grad.data


def train_manual(net, x, target, lr, steps):
    losses, biases = [], []
    for p in net.parameters():
        p.grad = None
    for _ in range(steps):
        e = mse_loss(net(x), target)
        e.backward()
        sgd_step(net, lr)
        for p in net.parameters():
            p.grad.data.zero_()
        losses.append(float(e))
        biases.append(net.conv1.bias.data)  # sgd_step makes a new one each time
    return dict(losses=losses, biases=biases)


def train_optim(net, x, target, lr, steps):
    opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0, weight_decay=0)
    losses, biases = [], []
    opt.zero_grad()
    for _ in range(steps):
        out = net(x)
        e = nn.MSELoss(reduction="mean")(out, target.reshape(out.shape))
        e.backward()
        opt.step()
        opt.zero_grad()
        losses.append(float(e))
        biases.append(net.conv1.bias.tolist())
    return dict(losses=losses, biases=biases)
