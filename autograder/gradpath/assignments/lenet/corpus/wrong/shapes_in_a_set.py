# loses: leaf_shapes
# mistake: a set comprehension: equal shapes fall together
# named: equal-shapes-once
import torch
from torch import nn
from torch.nn.functional import unfold


def flat_features(side):
    sizes = [side]
    sizes.append(sizes[-1] - 4)
    sizes.append(sizes[-1] // 2)
    sizes.append(sizes[-1] - 4)
    sizes.append(sizes[-1] // 2)
    return 16 * sizes[-1] * sizes[-1]


def convolve(layer, x):
    # A convolution is a matrix product with all patches of the picture.
    n, _, rows, columns = x.shape
    k = layer.weight.shape[-1]
    patches = unfold(x, k)
    out = layer.weight.flatten(1) @ patches + layer.bias[:, None]
    return out.reshape(n, -1, rows - k + 1, columns - k + 1)


def largest_of_four(x):
    return x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(-1, -2))


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(flat_features(32), 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        for layer in self.conv1, self.conv2:
            x = largest_of_four(convolve(layer, x).clamp(min=0))
        x = x.reshape(len(x), -1)
        for layer in self.fc1, self.fc2:
            x = (x @ layer.weight.T + layer.bias).clamp(min=0)
        return x @ self.fc3.weight.T + self.fc3.bias


def mse_loss(output, target):
    if target.ndim == 1 and output.ndim != 1:
        target = target.unsqueeze(0)
    if output.shape != target.shape:
        raise ValueError("shapes")
    return (output - target).pow(2).sum() / output.numel()


def graph_walk(loss, steps):
    nodes = [loss.grad_fn]
    while len(nodes) < steps and nodes[-1] is not None and nodes[-1].next_functions:
        nodes.append(nodes[-1].next_functions[0][0])
    return [node.name() for node in nodes[:steps] if node is not None]


def leaf_shapes(loss):
    level, seen = {loss.grad_fn}, set()
    while level:
        seen |= level
        level = {n for node in level for n, _ in node.next_functions if n is not None} - seen
    return sorted({tuple(node.variable.size()) for node in seen if "Accumulate" in node.name()})


def bias_gradient(upstream):
    upstream = torch.as_tensor(upstream)
    return torch.einsum("nchw->c", upstream)


def gradients(net, x, target):
    net.zero_grad(set_to_none=False)
    mse_loss(net(x), target).backward()
    return {name: p.grad.numpy().copy() for name, p in net.named_parameters()}


def sgd_step(net, lr):
    with torch.no_grad():
        for p in net.parameters():
            if p.grad is not None:
                p.copy_(p - lr * p.grad)


def train_manual(net, x, target, lr, steps):
    losses = torch.empty(steps)
    biases = torch.empty(steps, net.conv1.bias.numel())
    for i in range(steps):
        net.zero_grad()
        error = mse_loss(net(x), target)
        error.backward()
        sgd_step(net, lr)
        losses[i] = error.detach()
        biases[i] = net.conv1.bias.detach()
    return {"losses": losses, "biases": biases}


def train_optim(net, x, target, lr, steps):
    losses = torch.empty(steps)
    biases = torch.empty(steps, net.conv1.bias.numel())
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for i in range(steps):
        net.zero_grad()
        output = net(x)
        error = nn.MSELoss()(output, target.expand_as(output))
        error.backward()
        optimizer.step()
        losses[i] = error.detach()
        biases[i] = net.conv1.bias.detach()
    return {"losses": losses, "biases": biases}
