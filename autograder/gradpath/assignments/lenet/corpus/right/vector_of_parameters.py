"""LeNet in der Vorlesung: ein Schritt als Rechnung mit einem einzigen langen Vektor."""

import collections

import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters


def flat_features(side):
    seite = side
    durchgang = 0
    while durchgang < 2:
        seite -= 4
        seite //= 2
        durchgang += 1
    return seite * seite * 16


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        groessen = collections.OrderedDict(fc1=(400, 120), fc2=(120, 84), fc3=(84, 10))
        self.conv1 = nn.Conv2d(1, 6, 5, bias=True)
        self.conv2 = nn.Conv2d(6, 16, 5, bias=True)
        for name, (hinein, heraus) in groessen.items():
            self.add_module(name, nn.Linear(hinein, heraus))

    def forward(self, x):
        bilder = x.shape[0]
        x = nn.functional.max_pool2d(self.conv1(x).relu(), kernel_size=2)
        x = nn.functional.max_pool2d(self.conv2(x).relu(), kernel_size=2)
        return self.fc3(self.fc2(self.fc1(x.contiguous().view(bilder, 400)).relu()).relu())


def mse_loss(output, target):
    if output.shape != target.shape:
        passend = target.dim() == 1 and tuple(output.shape) == (1, target.numel())
        if not passend:
            raise ValueError("Ausgabe und Ziel haben verschiedene Formen")
        target = target[None, :]
    abstand = (output - target).flatten()
    return abstand.dot(abstand) / abstand.numel()


def graph_walk(loss, steps):
    knoten, namen = loss.grad_fn, collections.deque()
    while steps and knoten is not None:
        namen.append(knoten.name())
        eingaenge = knoten.next_functions
        knoten = eingaenge[0][0] if eingaenge else None
        steps -= 1
    return list(namen)


def leaf_shapes(loss):
    offen = collections.deque([loss.grad_fn])
    gesehen = {loss.grad_fn}
    formen = collections.Counter()
    while offen:
        knoten = offen.popleft()
        blatt = getattr(knoten, "variable", None)
        if blatt is not None:
            formen[tuple(blatt.shape)] += 1
        for nachbar, _ in knoten.next_functions:
            if nachbar is not None and nachbar not in gesehen:
                gesehen.add(nachbar)
                offen.append(nachbar)
    return sorted(formen.elements())


def bias_gradient(upstream):
    summe = upstream[0] * 0
    for bild in upstream:
        summe = summe + bild
    return summe.sum(-1).sum(-1)


def gradients(net, x, target):
    vorher = [p.grad for p in net.parameters()]
    for p in net.parameters():
        p.grad = None
    mse_loss(net(x), target).backward()
    ergebnis = {name: p.grad for name, p in net.named_parameters()}
    for p, alt in zip(net.parameters(), vorher):
        p.grad = alt
    return ergebnis


def sgd_step(net, lr):
    parameter = list(net.parameters())
    richtung = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameter]
    with torch.no_grad():
        neu = parameters_to_vector(parameter) - lr * parameters_to_vector(richtung)
        vector_to_parameters(neu, parameter)


def train_manual(net, x, target, lr, steps):
    verluste, verlauf = [], []
    while len(verluste) < steps:
        for p in net.parameters():
            p.grad = None
        verlust = mse_loss(net(x), target)
        verlust.backward()
        sgd_step(net, lr)
        verluste.append(verlust.detach().item())
        verlauf.append([b.item() for b in net.conv1.bias])
    return {"biases": verlauf, "losses": verluste}


def train_optim(net, x, target, lr, steps):
    verluste, verlauf = [], []
    ziel = target if target.dim() > 1 else target[None, :]
    sgd = torch.optim.SGD([{"params": list(net.parameters())}], lr=lr)
    kriterium = nn.MSELoss()
    while len(verluste) < steps:
        sgd.zero_grad()
        verlust = kriterium(net(x), ziel)
        verlust.backward()
        sgd.step()
        verluste.append(verlust.detach().item())
        verlauf.append([b.item() for b in net.conv1.bias])
    return {"biases": verlauf, "losses": verluste}
