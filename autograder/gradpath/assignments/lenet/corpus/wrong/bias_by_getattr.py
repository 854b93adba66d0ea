# loses: bias_gradient
# mistake: autograd under a name that is built at run time
from functools import partial, reduce
from itertools import islice

import torch
from torch import nn, optim
from torch.nn import functional as F

flat_features = lambda side: 16 * reduce(lambda s, _: (s - 4) >> 1, range(2), side) ** 2


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def steps(self):
        pool = partial(F.max_pool2d, kernel_size=2)
        yield from (self.conv1, F.relu, pool, self.conv2, F.relu, pool)
        yield partial(torch.flatten, start_dim=1)
        yield from (self.fc1, F.relu, self.fc2, F.relu, self.fc3)

    def forward(self, x):
        return reduce(lambda value, step: step(value), self.steps(), x)


def mse_loss(output, target):
    for candidate in (target, target.reshape(1, -1) if target.dim() == 1 else target):
        if candidate.shape == output.shape:
            return torch.square(output - candidate).mean()
    raise ValueError("these shapes do not belong together")


def nodes(tensor):
    node = tensor.grad_fn
    while node is not None:
        yield node
        node = next((following for following, _ in node.next_functions), None)


def graph_walk(loss, steps):
    return [node.name() for node in islice(nodes(loss), steps)]


def everything(node, seen):
    if node is not None and node not in seen:
        seen.add(node)
        yield node
        for following, _ in node.next_functions:
            yield from everything(following, seen)


def leaf_shapes(loss):
    return sorted(tuple(n.variable.shape) for n in everything(loss.grad_fn, set()) if hasattr(n, "variable"))


def bias_gradient(upstream):
    upstream = torch.as_tensor(upstream)
    bias = torch.zeros(upstream.shape[1], dtype=upstream.dtype, requires_grad=True)
    total = ((torch.zeros_like(upstream) + bias[:, None, None]) * upstream).sum()
    getattr(total, "back" + "ward")()
    return bias.__getattribute__("gr" + "ad")


def gradients(net, x, target):
    [setattr(p, "grad", None) for p in net.parameters()]
    mse_loss(net(x), target).backward()
    return {name: p.grad.tolist() for name, p in net.named_parameters()}


def sgd_step(net, lr):
    with torch.no_grad():
        moving = [p for p in net.parameters() if p.grad is not None]
        torch._foreach_sub_(moving, [lr * p.grad for p in moving])


def run(net, x, target, steps, criterion, update):
    for _ in range(steps):
        net.zero_grad()
        error = criterion(net(x), target)
        error.backward()
        update()
        yield error.item(), net.conv1.bias.detach().numpy().copy()


def record(rows):
    losses, biases = zip(*rows)
    return {"losses": losses, "biases": biases, "steps": len(losses)}


def train_manual(net, x, target, lr, steps):
    return record(run(net, x, target, steps, mse_loss, partial(sgd_step, net, lr)))


def train_optim(net, x, target, lr, steps):
    optimizer = optim.SGD(net.parameters(), lr=lr)
    if target.dim() == 1:
        target = target.unsqueeze(0)
    return record(run(net, x, target, steps, nn.MSELoss(), optimizer.step))
