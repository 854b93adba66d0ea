# loses: Cube
# mistake: the backward pass of Cube runs another one
# Everything that is not drawn is computed in float64.
import torch


def chain_gradient(x):
    return 2 * (2 * x) * 2


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            y = x * x * x
        return torch.autograd.grad(y, x, grad_output)[0]


def xavier_normal(fan_in, fan_out, generator):
    normal = torch.randn([fan_out, fan_in], generator=generator)
    return (normal.double() * (2 / (fan_in + fan_out)) ** 0.5).float()


def he_normal(fan_in, fan_out, generator):
    normal = torch.randn([fan_out, fan_in], generator=generator)
    return (normal.double() * (2 / fan_in) ** 0.5).float()


def activation_scales(x, weights):
    a, scales = x.double(), ()
    for w in weights:
        a = torch.nn.functional.threshold(a @ w.double().mT, 0.0, 0.0)
        scales += (a.std(unbiased=False).item(),)
    return scales


def clip_by_norm(gradients, max_norm):
    norm = sum(sum(float(v) ** 2 for v in g.flat) for g in gradients) ** 0.5
    if norm == 0:
        return [g + 0 for g in gradients], 0.0
    return [g * min(1, max_norm / (norm + 1e-6)) for g in gradients], norm


def clip_by_value(gradients, limit):
    out = []
    for g in gradients:
        values = [max(-limit, min(limit, v)) for v in g.flat]
        out.append(torch.tensor(values, dtype=torch.float64).reshape(g.shape))
    return tuple(out)


def train_accumulated(model, batches, lr, group):
    losses, updates = [], -(-len(batches) // group)
    for k in range(updates):
        members = batches[k * group : (k + 1) * group]
        sums = [torch.zeros_like(p, dtype=torch.float64) for p in model.parameters()]
        for x, y in members:
            model.zero_grad()
            loss = ((model(x) - y) ** 2).mean()
            losses.append(loss.detach().double())
            loss.backward()
            for s, p in zip(sums, model.parameters()):
                s += p.grad
        for s, p in zip(sums, model.parameters()):
            p.data = p.data - (lr * s / len(members)).float()
    return {
        "losses": losses,
        "updates": updates,
        "parameters": {n: p.data.double() for n, p in model.named_parameters()},
        "note": "float64",
    }
