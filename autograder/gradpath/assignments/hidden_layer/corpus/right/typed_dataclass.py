"""A network class holds the tensors; the functions of the exercise are thin wrappers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Parameters = dict[str, Tensor]


@dataclass
class Network:
    W1: Tensor
    B1: Tensor
    Wout: Tensor
    Bout: Tensor

    @classmethod
    def copy_of(cls, parameters: Parameters) -> Network:
        return cls(**{k: v.detach().clone().requires_grad_() for k, v in parameters.items()})

    def __iter__(self) -> Iterator[Tensor]:
        return iter((self.W1, self.B1, self.Wout, self.Bout))

    def __call__(self, x: Tensor) -> Tensor:
        return F.relu(x @ self.W1 + self.B1) @ self.Wout + self.Bout

    def step(self, lr: float) -> None:
        with torch.no_grad():
            for tensor in self:
                assert tensor.grad is not None
                tensor.sub_(tensor.grad, alpha=lr)

    def zero_grad(self) -> None:
        for tensor in self:
            tensor.grad = None


def init_parameters(
    num_features: int, num_hidden: int, num_classes: int, generator: torch.Generator
) -> Parameters:
    def draw(*size: int) -> Tensor:
        return torch.randn(size, generator=generator, requires_grad=True)

    # Keyword arguments are evaluated in the order they are written: W1, B1, Wout, Bout.
    return vars(
        Network(
            W1=draw(num_features, num_hidden),
            B1=draw(num_hidden),
            Wout=draw(num_hidden, num_classes),
            Bout=draw(num_classes),
        )
    )


def forward(x: Tensor, parameters: Parameters) -> Tensor:
    return Network(**parameters)(x)


def loss(logits: Tensor, labels: Tensor) -> Tensor:
    one_hot = F.one_hot(labels, logits.shape[1])
    return -(one_hot * logits.log_softmax(dim=-1)).sum(dim=1).mean()


def backward(x, labels, parameters):
    p = {name: value.detach() for name, value in parameters.items()}
    sums = torch.matmul(x, p["W1"]).add(p["B1"])
    active = (sums >= 0).to(sums.dtype)
    hidden = sums * active
    scores = torch.matmul(hidden, p["Wout"]).add(p["Bout"])
    target = torch.zeros_like(scores).scatter_(1, labels.view(-1, 1), 1.0)
    upper = torch.softmax(scores, 1).sub(target).div(x.shape[0])
    lower = torch.matmul(upper, p["Wout"].t()).mul(active)
    return dict(
        W1=torch.matmul(x.t(), lower), B1=lower.sum(0), Wout=torch.matmul(hidden.t(), upper), Bout=upper.sum(0)
    )


def train_manual(
    x: Tensor, labels: Tensor, parameters: Parameters, lr: float, epochs: int
) -> dict[str, object]:
    network = Network.copy_of(parameters)
    losses: list[float] = []
    for _ in range(epochs):
        network.zero_grad()
        value = loss(network(x), labels)
        value.backward()
        network.step(lr)
        losses.append(value.item())
    return {"losses": losses, "parameters": vars(network), "lr": lr}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features: int, num_hidden: int, num_classes: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear2(F.relu(self.linear1(x)))


def train_optim(
    model: nn.Module, x: Tensor, labels: Tensor, lr: float, epochs: int
) -> dict[str, list[float]]:
    optimizer = torch.optim.SGD([{"params": model.parameters()}], lr=lr, foreach=True)
    criterion = nn.CrossEntropyLoss()
    losses: list[float] = []
    for _ in range(epochs):
        optimizer.zero_grad()
        value = criterion(model(x), labels)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return {"losses": losses}


def predict(logits: Tensor) -> Tensor:
    return logits.topk(1, dim=1).indices[:, 0]


def accuracy(predicted: Tensor, labels: Tensor) -> float:
    return float(torch.count_nonzero(predicted == labels)) / labels.numel()
