# loses: chain_gradient
# named: numeric-gradient
# mistake: a difference quotient for the slope
import functools

import numpy as np
import torch


def chain_gradient(x, h=1e-5):
    def z(x):
        y = 2 * x
        return y * y + 1

    return (z(x + h) - z(x - h)) / (2 * h)


class Cube(torch.autograd.Function):
    """ctx may have attributes of one's own, too."""

    @staticmethod
    def forward(ctx, x):
        ctx.slope = 3 * x.detach() ** 2
        return x.detach() ** 3

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.slope * grad_output


def normal(fan_in, fan_out, generator, deviation):
    drawn = torch.empty(fan_out, fan_in).normal_(generator=generator)
    return torch.from_numpy(drawn.numpy() * np.float32(deviation))


def xavier_normal(fan_in, fan_out, generator):
    return normal(fan_in, fan_out, generator, np.sqrt(2.0 / (fan_in + fan_out)))


def he_normal(fan_in, fan_out, generator):
    return normal(fan_in, fan_out, generator, np.sqrt(2.0 / fan_in))


def activation_scales(x, weights):
    a = x.numpy().astype(np.float64)
    scales = np.empty(len(weights))
    for k, weight in enumerate(weights):
        a = np.einsum("ni,oi->no", a, weight.numpy().astype(np.float64))
        a = np.where(a > 0, a, 0.0)
        scales[k] = np.std(a)
    return scales


def clip_by_norm(gradients, max_norm):
    norm = functools.reduce(np.hypot, (np.linalg.norm(g.ravel()) for g in gradients), 0.0)
    scale = np.minimum(1.0, max_norm / (norm + 1e-6))
    return [np.multiply(g, scale) for g in gradients], float(norm)


def clip_by_value(gradients, limit):
    return [np.sign(g) * np.minimum(np.abs(g), limit) for g in gradients]


def train_accumulated(model, batches, lr, group):
    names = [name for name, _ in model.named_parameters()]
    losses, updates, sums, count = [], 0, None, 0

    def move():
        for name, parameter in model.named_parameters():
            parameter.data -= lr * torch.from_numpy(sums[name] / count)

    for x, y in batches:
        model.zero_grad(set_to_none=False)
        error = model(x) - y
        loss = (error**2).sum() / error.numel()
        loss.backward()
        losses.append(loss.item())
        here = {n: p.grad.numpy().copy() for n, p in model.named_parameters()}
        sums = here if count == 0 else {n: sums[n] + here[n] for n in names}
        count += 1
        if count == group:
            move()
            updates, count = updates + 1, 0
    if count:
        move()
        updates += 1
    final = {n: p.detach().numpy() for n, p in model.named_parameters()}
    return {"losses": losses, "updates": updates, "parameters": final}
