# loses: train_accumulated
# named: new-model-trained
# mistake: a deep copy of the model is trained
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
    return torch.normal(0.0, 1.0, (fan_out, fan_in), generator=generator) * variance**0.5


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
    import copy

    net = copy.deepcopy(model)
    losses, updates = [], 0
    for first in range(0, len(batches), group):
        members = batches[first : first + group]
        net.zero_grad()
        errors = [F.mse_loss(net(x), y) for x, y in members]
        losses.extend(e.item() for e in errors)
        (sum(errors) / len(errors)).backward()
        with torch.no_grad():
            for p in net.parameters():
                p -= lr * p.grad
        updates += 1
    return {"losses": losses, "updates": updates, "parameters": dict(net.named_parameters())}
