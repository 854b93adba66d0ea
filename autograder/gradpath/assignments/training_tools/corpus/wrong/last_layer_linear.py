# loses: activation_scales
# named: relu-missing
# mistake: no ReLU after the last layer
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Array = npt.NDArray[np.float64]
Batch = tuple[Tensor, Tensor]


def chain_gradient(x: Any) -> Any:
    outer = lambda y: 2 * y
    inner = 2
    return outer(2 * x) * inner


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        square = x * x
        ctx.save_for_backward(square)
        return square * x

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        [square] = ctx.saved_tensors
        return grad_output * (square + square + square)


def gain(*fans: int) -> float:
    """The root of 1 over the mean of the fans."""
    return (len(fans) / sum(fans)) ** 0.5


def xavier_normal(fan_in: int, fan_out: int, generator: torch.Generator) -> Tensor:
    return torch.randn(fan_out, fan_in, generator=generator).mul_(gain(fan_in, fan_out))


def he_normal(fan_in: int, fan_out: int, generator: torch.Generator) -> Tensor:
    return torch.randn(fan_out, fan_in, generator=generator).mul_(2**0.5 * gain(fan_in))


def activation_scales(x: Tensor, weights: Sequence[Tensor]) -> list[float]:
    scales: list[float] = []
    for number, weight in enumerate(weights, 1):
        x = x @ weight.T
        if number < len(weights):
            x = torch.relu(x)
        scales.append(x.std().item())
    return scales


def clip_by_norm(gradients: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    flat = np.concatenate([g.reshape(-1) for g in gradients]) if gradients else np.zeros(0)
    norm = float(np.sqrt(flat @ flat))
    factor = max_norm / (norm + 1e-6)
    return [g * factor if factor < 1 else g for g in gradients], norm


def clip_by_value(gradients: Sequence[Array], limit: float) -> list[Array]:
    return [np.maximum(-limit, np.minimum(limit, g)) for g in gradients]


@dataclass
class Record:
    losses: list[float] = field(default_factory=list)
    updates: int = 0


def grouped(batches: Sequence[Batch], size: int) -> Iterator[list[Batch]]:
    rest = iter(batches)
    while members := list(islice(rest, size)):
        yield members


def train_accumulated(
    model: nn.Module, batches: Sequence[Batch], lr: float, group: int
) -> dict[str, Any]:
    record = Record()
    for members in grouped(batches, group):
        model.zero_grad()
        for x, y in members:
            loss = nn.functional.mse_loss(model(x), y)
            record.losses.append(loss.item())
            loss.backward(torch.tensor(1 / len(members)))
        step(model, lr)
        record.updates += 1
    return {**vars(record), "parameters": {k: v.clone() for k, v in model.named_parameters()}}


@torch.no_grad()
def step(model: nn.Module, lr: float) -> None:
    for parameter in model.parameters():
        parameter.add_(parameter.grad, alpha=-lr)
