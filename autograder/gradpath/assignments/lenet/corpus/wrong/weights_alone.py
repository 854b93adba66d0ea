# loses: gradients, sgd_step
# mistake: only parameters whose name says weight are looked at
# named: biases-left-out
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


def flat_features(side):
    # first convolution
    side = side - 5 + 1
    # first pool
    if side % 2 == 1:
        side = side - 1
    side = side / 2
    # second convolution
    side = side - 5 + 1
    # second pool
    if side % 2 == 1:
        side = side - 1
    side = side / 2
    number_of_features = side * side * 16
    return int(number_of_features)


class LeNet(nn.Module):
    def __init__(self):
        super(LeNet, self).__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=6, kernel_size=5)
        self.conv2 = nn.Conv2d(in_channels=6, out_channels=16, kernel_size=5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.conv1(x)
        x = F.relu(x)
        x = F.max_pool2d(x, (2, 2))
        x = self.conv2(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = x.view(-1, self.num_flat_features(x))
        x = self.fc1(x)
        x = F.relu(x)
        x = self.fc2(x)
        x = F.relu(x)
        x = self.fc3(x)
        return x

    def num_flat_features(self, x):
        size = x.size()[1:]
        number = 1
        for s in size:
            number = number * s
        return number


def mse_loss(output, target):
    if output.shape == target.shape:
        difference = output - target
        return torch.mean(difference * difference)
    if len(target.shape) == 1:
        target = target.view(1, -1)
        if output.shape == target.shape:
            difference = output - target
            return torch.mean(difference * difference)
    raise ValueError("the shapes do not fit")


def graph_walk(loss, steps):
    result = []
    node = loss.grad_fn
    for i in range(steps):
        if node is None:
            break
        result.append(str(node.name()))
        if len(node.next_functions) == 0:
            break
        node = node.next_functions[0][0]
    return result


def leaf_shapes(loss):
    visited = []
    to_visit = [loss.grad_fn]
    shapes = []
    while len(to_visit) > 0:
        node = to_visit.pop(0)
        if node in visited:
            continue
        visited.append(node)
        if "AccumulateGrad" in node.name():
            shapes.append(tuple(node.variable.shape))
        for pair in node.next_functions:
            if pair[0] is not None:
                to_visit.append(pair[0])
    shapes.sort()
    return shapes


def bias_gradient(upstream):
    n, channels, h, w = upstream.shape
    result = []
    for c in range(channels):
        total = 0.0
        for i in range(n):
            for j in range(h):
                for k in range(w):
                    total = total + float(upstream[i, c, j, k])
        result.append(total)
    return result


def gradients(net, x, target):
    for parameter in net.parameters():
        parameter.grad = None
    output = net(x)
    loss = mse_loss(output, target)
    loss.backward()
    result = {}
    for name, parameter in net.named_parameters():
        if "weight" in name:
            result[name] = parameter.grad
    return result


def sgd_step(net, lr):
    for name, parameter in net.named_parameters():
        if parameter.grad is None or "weight" not in name:
            continue
        parameter.data.sub_(parameter.grad.data * lr)


def train_manual(net, x, target, lr, steps):
    losses = []
    biases = []
    for step in range(steps):
        net.zero_grad()
        output = net(x)
        loss = mse_loss(output, target)
        print("step", step, "loss", loss.item())
        loss.backward()
        losses.append(loss.item())
        sgd_step(net, lr)
        biases.append(net.conv1.bias.data.clone())
    record = {}
    record["losses"] = losses
    record["biases"] = biases
    return record


def train_optim(net, x, target, lr, steps):
    criterion = nn.MSELoss()
    optimizer = optim.SGD(net.parameters(), lr=lr)
    losses = []
    biases = []
    for step in range(steps):
        optimizer.zero_grad()
        output = net(x)
        if target.dim() == 1:
            target = target.view(1, -1)
        loss = criterion(output, target)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        biases.append(net.conv1.bias.data.clone())
    return {"losses": losses, "biases": biases}
