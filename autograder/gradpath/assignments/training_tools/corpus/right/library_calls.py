"""As much as possible is left to torch's own tools."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_, parameters_to_vector


def chain_gradient(x):
    return 8 * x


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return torch.pow(input, 3)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        if not ctx.needs_input_grad[0]:
            return None
        return torch.mul(grad_output, 3 * torch.pow(input, 2))


def xavier_normal(fan_in, fan_out, generator):
    weight = torch.empty((fan_out, fan_in), dtype=torch.float32)
    nn.init.normal_(weight, mean=0.0, std=math.sqrt(2 / (fan_in + fan_out)), generator=generator)
    return weight


def he_normal(fan_in, fan_out, generator):
    return nn.init.kaiming_normal_(
        torch.empty(fan_out, fan_in), mode="fan_in", generator=generator
    )


def activation_scales(x, weights):
    found = []

    def note(module, inputs, output):
        found.append(output.detach().std().item())

    layers = []
    for weight in weights:
        linear = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        with torch.no_grad():
            linear.weight.copy_(weight)
        relu = nn.ReLU()
        relu.register_forward_hook(note)
        layers += [linear, relu]
    nn.Sequential(*layers)(x)
    return found


def _as_parameters(gradients):
    parameters = []
    for gradient in gradients:
        parameter = nn.Parameter(torch.zeros(gradient.shape, dtype=torch.float64))
        parameter.grad = torch.from_numpy(np.array(gradient))
        parameters.append(parameter)
    return parameters


def clip_by_norm(gradients, max_norm):
    if len(gradients) == 0:
        return [], 0.0
    parameters = _as_parameters(gradients)
    norm = clip_grad_norm_(parameters, max_norm)
    return [p.grad.numpy() for p in parameters], norm.item()


def clip_by_value(gradients, limit):
    parameters = _as_parameters(gradients)
    clip_grad_value_(parameters, limit)
    return [p.grad.numpy() for p in parameters]


def train_accumulated(model, batches, lr, group):
    mse = nn.MSELoss(reduction="mean")
    losses = []
    updates = 0
    for first in range(0, len(batches), group):
        part = batches[first : first + group]
        model.zero_grad()
        total = 0
        for x, y in part:
            losses.append(mse(model(x), y))
            total = total + losses[-1] / len(part)
        total.backward()
        gradient = parameters_to_vector([p.grad for p in model.parameters()])
        vector = parameters_to_vector(model.parameters()) - lr * gradient
        nn.utils.vector_to_parameters(vector.detach(), model.parameters())
        updates += 1
    return {"losses": losses, "updates": updates, "parameters": model.state_dict()}
