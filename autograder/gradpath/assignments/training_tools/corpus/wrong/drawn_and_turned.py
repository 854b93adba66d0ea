# loses: xavier_normal, he_normal
# named: fans-exchanged
# mistake: weights are drawn as (fan_in, fan_out) and transposed
"""Cube in torch's newer form, and gradients that never touch .grad."""

import torch
import torch.nn.functional as F


def chain_gradient(x):
    return x * 8.0


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x**3

    @staticmethod
    def setup_context(ctx, inputs, output):
        (x,) = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 3.0 * grad_output * x * x


def _scaled_normal(fan_in, fan_out, variance, generator):
    return torch.normal(0.0, 1.0, (fan_in, fan_out), generator=generator).T * variance**0.5


def xavier_normal(fan_in, fan_out, generator):
    return _scaled_normal(fan_in, fan_out, 2 / (fan_in + fan_out), generator)


def he_normal(fan_in, fan_out, generator):
    return _scaled_normal(fan_in, fan_out, 2 / fan_in, generator)


def activation_scales(x, weights):
    def layers(activations):
        for weight in weights:
            activations = F.linear(activations, weight).relu()
            yield activations

    with torch.no_grad():
        return [float(torch.std(a)) for a in layers(x)]


def clip_by_norm(gradients, max_norm):
    squares = sum((g * g).sum() for g in gradients)
    norm = float(squares) ** 0.5
    if norm + 1e-6 <= max_norm:
        return list(gradients), norm
    return [g * max_norm / (norm + 1e-6) for g in gradients], norm


def clip_by_value(gradients, limit):
    return [g.clip(-limit, limit) for g in gradients]


def train_accumulated(model, batches, lr, group):
    parameters = dict(model.named_parameters())
    waiting = list(batches)
    losses, updates = [], 0
    while waiting:
        now, waiting = waiting[:group], waiting[group:]
        sums = None
        for x, y in now:
            loss = F.mse_loss(model(x), y)
            losses.append(loss.detach())
            found = torch.autograd.grad(loss, list(parameters.values()))
            sums = found if sums is None else [a + b for a, b in zip(sums, found)]
        with torch.no_grad():
            for p, total in zip(parameters.values(), sums):
                p.sub_(total, alpha=lr / len(now))
        updates += 1
    return {"losses": torch.stack(losses), "updates": updates, "parameters": parameters}
