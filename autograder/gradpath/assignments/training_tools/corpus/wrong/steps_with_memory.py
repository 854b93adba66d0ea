# loses: train_accumulated
# named: nothing
# mistake: steps have a momentum that nobody asked for
"""A trainer object; gradients of a group lie in a dict of its own until the step."""
import copy
import math
import statistics
import torch


def chain_gradient(x):
    u = x + x           # y
    return 4 * u        # 2 y times 2


class Cube(torch.autograd.Function):
    @staticmethod
    def jvp_factor(x):
        return 3 * x * x

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x * x

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * Cube.jvp_factor(*ctx.saved_tensors)


class Init:
    def __init__(self, variance):
        self.variance = variance

    def __call__(self, fan_in, fan_out, generator):
        w = torch.randn(fan_out, fan_in, generator=generator)
        w *= math.sqrt(self.variance(fan_in, fan_out))
        return w


xavier_normal = Init(lambda i, o: 2 / (i + o))
he_normal = Init(lambda i, o: 2 / i)


def activation_scales(x, weights):
    scales = []
    for w in weights:
        z = torch.nn.functional.linear(x, w)
        x = z * (z > 0)
        scales.append(statistics.pstdev(x.flatten().tolist()))
    return scales


class Clipper:
    def __init__(self, gradients):
        self.gradients = [copy.copy(g) for g in gradients]

    @property
    def norm(self):
        return math.sqrt(math.fsum(v * v for g in self.gradients for v in g.ravel().tolist()))

    def scaled(self, factor):
        return [factor * g for g in self.gradients]


def clip_by_norm(gradients, max_norm):
    clipper = Clipper(gradients)
    norm = clipper.norm
    too_long = norm > max_norm
    return clipper.scaled(max_norm / (norm + 1e-6)) if too_long else clipper.gradients, norm


def clip_by_value(gradients, limit):
    result = [copy.deepcopy(g) for g in gradients]
    for g in result:
        g.clip(-limit, limit, out=g)
    return result


class Trainer:
    def __init__(self, model, lr):
        self.model, self.lr = model, lr
        self.updates, self.losses = 0, []
        self.velocity = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
        self.begin()

    def begin(self):
        self.count = 0
        self.sums = {name: torch.zeros_like(p) for name, p in self.model.named_parameters()}

    def add(self, x, y):
        loss = torch.mean((self.model(x) - y).pow(2))
        self.losses.append(loss.item())
        names, parameters = zip(*self.model.named_parameters())
        for name, slope in zip(names, torch.autograd.grad(loss, parameters)):
            self.sums[name] += slope
        self.count += 1

    def step(self):
        if not self.count:
            return
        with torch.no_grad():
            for name, p in self.model.named_parameters():
                self.velocity[name] = 0.9 * self.velocity[name] + self.sums[name] / self.count
                p -= self.lr * self.velocity[name]
        self.updates += 1
        self.begin()


def train_accumulated(model, batches, lr, group):
    trainer = Trainer(model, lr)
    for x, y in batches:
        trainer.add(x, y)
        if trainer.count == group:
            trainer.step()
    trainer.step()
    return {
        "losses": trainer.losses,
        "updates": trainer.updates,
        "parameters": {n: p.tolist() for n, p in model.named_parameters()},
    }
