# loses: train_accumulated
# mistake: the update is left to torch.optim
# Everything that is not drawn is computed in float64.
import torch


def chain_gradient(x):
    return 2 * (2 * x) * 2


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x.double() ** 3).to(x.dtype)

    @staticmethod
    def backward(ctx, grad_output):
        x, = ctx.saved_tensors
        return (grad_output.double() * 3 * x.double() ** 2).to(grad_output.dtype)


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
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses, updates = [], 0
    for first in range(0, len(batches), group):
        members = batches[first : first + group]
        opt.zero_grad()
        for x, y in members:
            loss = torch.nn.functional.mse_loss(model(x), y)
            losses.append(loss.item())
            (loss / len(members)).backward()
        opt.step()
        updates += 1
    return {"losses": losses, "updates": updates, "parameters": model.state_dict()}
