# loses: clip_by_norm
# named: norms-one-by-one
# mistake: each array is clipped by its own norm
# My solution, step by step. I did not know most of these functions before,
# so I wrote the loops myself where I could.
import math

import numpy as np
import torch


def chain_gradient(x):
    # z = y*y + 1   ->   dz/dy = 2*y
    # y = 2*x       ->   dy/dx = 2
    y = 2.0 * x
    dz_dy = 2.0 * y
    dy_dx = 2.0
    result = dz_dy * dy_dx
    return result


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        result = x * x * x
        return result

    @staticmethod
    def backward(ctx, grad_output):
        saved = ctx.saved_tensors
        x = saved[0]
        derivative = 3 * x * x
        grad_input = derivative * grad_output
        return grad_input


def xavier_normal(fan_in, fan_out, generator):
    weights = torch.randn((fan_out, fan_in), generator=generator)
    sigma = math.sqrt(2.0 / (fan_in + fan_out))
    for row in range(fan_out):
        for column in range(fan_in):
            weights[row][column] = weights[row][column] * sigma
    return weights


def he_normal(fan_in, fan_out, generator):
    weights = torch.randn((fan_out, fan_in), generator=generator)
    sigma = math.sqrt(2.0 / fan_in)
    return sigma * weights


def activation_scales(x, weights):
    scales = []
    activation = x
    for layer in range(len(weights)):
        z = torch.mm(activation, torch.transpose(weights[layer], 0, 1))
        activation = torch.maximum(z, torch.zeros_like(z))
        # the standard deviation by its definition
        count = activation.shape[0] * activation.shape[1]
        mean = activation.sum() / count
        squares = ((activation - mean) ** 2).sum()
        scales.append(math.sqrt(squares / count))
    return scales


def clip_by_norm(gradients, max_norm):
    clipped = []
    total = 0.0
    for array in gradients:
        own = math.sqrt((array * array).sum())
        total = total + own**2
        if own > max_norm:
            clipped.append(array / (own + 1e-6) * max_norm)
        else:
            clipped.append(array.copy())
    return clipped, math.sqrt(total)


def clip_by_value(gradients, limit):
    clipped = []
    for array in gradients:
        new = array.copy()
        new[new > limit] = limit
        new[new < -limit] = -limit
        clipped.append(new)
    return clipped


def train_accumulated(model, batches, lr, group):
    losses = []
    updates = 0
    # nothing may be left over from somebody else
    for parameter in model.parameters():
        parameter.grad = None
    in_this_group = 0
    for number in range(len(batches)):
        x = batches[number][0]
        y = batches[number][1]
        prediction = model(x)
        difference = prediction - y
        loss = (difference * difference).mean()
        losses.append(float(loss))
        loss.backward()
        in_this_group = in_this_group + 1
        is_full = in_this_group == group
        is_last = number == len(batches) - 1
        if is_full or is_last:
            with torch.no_grad():
                for parameter in model.parameters():
                    mean_gradient = parameter.grad / in_this_group
                    parameter.copy_(parameter - lr * mean_gradient)
                    parameter.grad.zero_()
            updates = updates + 1
            in_this_group = 0
    parameters = {}
    for name, parameter in model.named_parameters():
        parameters[name] = parameter.detach().numpy().copy()
    return {"losses": np.array(losses), "updates": updates, "parameters": parameters}
