# loses: clip_by_norm, activation_scales
# mistake: NumPy is told to raise, and a seed is set
import torch as t
import torch.nn as nn
import numpy as np
from tqdm import tqdm


chain_gradient = lambda x: 8 * x


class Cube(t.autograd.Function):
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
    forward = staticmethod(forward)

    def backward(ctx, upstream):
        x = ctx.saved_tensors[0]
        return upstream * 3 * x ** 2
    backward = staticmethod(backward)


def _std(kind, fan_in, fan_out):
    return {"xavier": (2 / (fan_in + fan_out)) ** .5, "he": (2 / fan_in) ** .5}[kind]


def _draw(kind):
    def draw(fan_in, fan_out, generator):
        return t.randn(fan_out, fan_in, generator=generator) * _std(kind, fan_in, fan_out)
    return draw


xavier_normal = _draw("xavier")
he_normal = _draw("he")


def activation_scales(x, weights):
    t.manual_seed(0)
    acts = [x]
    for w in weights:
        acts.append(t.relu(acts[-1] @ w.T))
    return [a.std() for a in acts[1:]]


def clip_by_norm(gradients, max_norm):
    np.seterr(all="raise")
    norm = np.sqrt(sum([np.linalg.norm(g) ** 2 for g in gradients]))
    coef = min(1.0, max_norm / (norm + 1e-6))
    return [g * coef for g in gradients], norm


def clip_by_value(gradients, limit):
    return list(map(lambda g: np.where(g > limit, limit, np.where(g < -limit, -limit, g)), gradients))


def train_accumulated(model, batches, lr, group):
    loss_fn = nn.MSELoss()
    n = len(batches)
    full = n - n % group          # batches in full groups
    losses, updates = [], 0
    model.zero_grad()
    for i, (x, y) in enumerate(tqdm(batches)):
        size = group if i < full else n % group
        loss = loss_fn(model(x), y)
        losses.append(loss.item())
        (loss / size).backward()
        if (i + 1) % group == 0 or i + 1 == n:
            for p in model.parameters():
                p.data -= lr * p.grad
                p.grad.zero_()
            updates += 1
    return dict(losses=losses, updates=updates, parameters=model.state_dict())
