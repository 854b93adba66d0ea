# loses: bias_gradient
# mistake: a bias is added to the upstream, and backward() is asked
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, max_pool2d, relu


def flat_features(side: int, kernel: int = 5, pool: int = 2, channels: int = 16) -> int:
    for _ in range(2):
        side = (side - kernel) // 1 + 1
        side = (side - pool) // pool + 1
    return channels * side * side


class LeNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, stride=1, padding=0)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5, stride=1, padding=0)
        self.fc1 = nn.Linear(flat_features(32), 120)
        self.fc2 = nn.Linear(self.fc1.out_features, 84)
        self.fc3 = nn.Linear(self.fc2.out_features, 10)

    def features(self, x: Tensor) -> Tensor:
        for layer in (self.conv1, self.conv2):
            x = max_pool2d(relu(layer(x)), 2)
        return x.flatten(start_dim=1)

    def classifier(self, x: Tensor) -> Tensor:
        for layer in (self.fc1, self.fc2):
            x = relu(linear(x, layer.weight, layer.bias))
        return linear(x, self.fc3.weight, self.fc3.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x))


def mse_loss(output: Tensor, target: Tensor) -> Tensor:
    match (output.shape == target.shape, target.dim()):
        case (False, 1):
            return mse_loss(output, target.view(1, -1))
        case (False, _):
            raise ValueError(f"output {tuple(output.shape)}, target {tuple(target.shape)}")
    # Sums in float64: a little more exact.
    return ((output.double() - target.double()) ** 2).mean().to(output.dtype)


def graph_walk(loss: Tensor, steps: int) -> list[str]:
    names: list[str] = []
    node: Any = loss.grad_fn
    while node is not None and len(names) != steps:
        names += [node.name()]
        node = dict(enumerate(node.next_functions)).get(0, (None, 0))[0]
    return names


def leaf_shapes(loss: Tensor) -> list[tuple[int, ...]]:
    found: dict[Any, tuple[int, ...] | None] = {}

    def visit(node: Any) -> None:
        if node in found:
            return
        found[node] = tuple(node.variable.shape) if hasattr(node, "variable") else None
        for following, _number in node.next_functions:
            if following is not None:
                visit(following)

    visit(loss.grad_fn)
    return sorted(shape for shape in found.values() if shape is not None)


def bias_gradient(upstream: Any) -> Any:
    upstream = torch.as_tensor(upstream)
    bias = torch.zeros(upstream.shape[1], dtype=upstream.dtype, requires_grad=True)
    output = torch.zeros_like(upstream) + bias[:, None, None]
    output.backward(upstream)
    return bias.grad


def gradients(net: nn.Module, x: Tensor, target: Tensor) -> dict[str, Tensor]:
    kept = {name: p.grad for name, p in net.named_parameters()}
    net.zero_grad(set_to_none=True)
    mse_loss(net(x), target).backward()
    result = {name: p.grad for name, p in net.named_parameters()}
    for name, p in net.named_parameters():
        p.grad = kept[name]
    return result  # type: ignore[return-value]


def sgd_step(net: nn.Module, lr: float) -> None:
    with torch.no_grad():
        for _name, p in net.named_parameters():
            if (g := p.grad) is not None:
                p.sub_(g, alpha=lr)


@dataclasses.dataclass
class Trainer:
    net: nn.Module
    criterion: Callable[[Tensor, Tensor], Tensor]
    update: Callable[[], None]
    losses: list[float] = dataclasses.field(default_factory=list)
    biases: list[Tensor] = dataclasses.field(default_factory=list)

    def step(self, x: Tensor, target: Tensor) -> None:
        self.net.zero_grad()
        error = self.criterion(self.net(x), target)
        error.backward()
        self.update()
        self.losses.append(error.item())
        self.biases.append(self.net.conv1.bias.detach().clone())  # type: ignore[union-attr]

    def record(self, x: Tensor, target: Tensor, steps: int) -> dict[str, Any]:
        for _ in range(steps):
            self.step(x, target)
        return {"losses": torch.tensor(self.losses), "biases": torch.stack(self.biases)}


def train_manual(net: nn.Module, x: Tensor, target: Tensor, lr: float, steps: int) -> dict[str, Any]:
    return Trainer(net, mse_loss, lambda: sgd_step(net, lr)).record(x, target, steps)


def train_optim(net: nn.Module, x: Tensor, target: Tensor, lr: float, steps: int) -> dict[str, Any]:
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    criterion = nn.MSELoss()

    def fitted(output: Tensor, wanted: Tensor) -> Tensor:
        return criterion(output, wanted.reshape_as(output))

    return Trainer(net, fitted, optimizer.step).record(x, target, steps)
