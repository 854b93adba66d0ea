"""The network in NumPy, tensors at its borders; the training uses `backward`."""

import numpy as np
import torch


def init_parameters(num_features, num_hidden, num_classes, generator):
    drawn = [
        torch.randn(size, generator=generator)
        for size in [(num_features, num_hidden), (num_hidden,), (num_hidden, num_classes)]
    ]
    drawn.append(torch.randn((num_classes,), generator=generator))
    return dict(zip(["W1", "B1", "Wout", "Bout"], [t.requires_grad_() for t in drawn]))


def forward(x, parameters):
    first = torch.addmm(parameters["B1"], x, parameters["W1"])
    return torch.addmm(parameters["Bout"], first.relu(), parameters["Wout"])


def loss(logits, labels):
    picked = logits.gather(1, labels[:, None]).squeeze(1)
    return (torch.logsumexp(logits, 1) - picked).mean()


def backward(x, labels, parameters):
    theta = {key: tensor.detach().numpy() for key, tensor in parameters.items()}
    batch, classes = x.numpy(), np.arange(theta["Bout"].size)
    preactivation = batch @ theta["W1"] + theta["B1"]
    activation = preactivation.clip(min=0)
    scores = activation @ theta["Wout"] + theta["Bout"]
    weights = np.exp(scores - scores.max(1)[:, None])
    delta = weights / weights.sum(1)[:, None] - (labels.numpy()[:, None] == classes)
    delta = delta.astype(batch.dtype) / batch.shape[0]
    through = (delta @ theta["Wout"].T) * (preactivation > 0)
    answer = {"Wout": activation.T @ delta, "Bout": np.add.reduce(delta)}
    answer |= {"W1": batch.T @ through, "B1": np.add.reduce(through)}
    return answer


def train_manual(x, labels, parameters, lr, epochs):
    theta = {key: tensor.detach().numpy().copy() for key, tensor in parameters.items()}
    history = np.empty(epochs)
    for t in range(epochs):
        here = {key: torch.from_numpy(array) for key, array in theta.items()}
        history[t] = loss(forward(x, here), labels)
        theta = {k: theta[k] - np.float32(lr) * g for k, g in backward(x, labels, here).items()}
    return {"parameters": theta, "losses": history}


class ModelWithHiddenLayer(torch.nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        torch.nn.Module.__init__(self)
        self.add_module("linear1", torch.nn.Linear(num_features, num_hidden))
        self.add_module("linear2", torch.nn.Linear(num_hidden, num_classes))

    def forward(self, x):
        return self.linear2(self.linear1(x).clamp(min=0.0))


def train_optim(model, x, labels, lr, epochs):
    history, sgd = np.empty(epochs), torch.optim.SGD(model.parameters(), lr)
    for t in range(epochs):
        sgd.zero_grad()
        value = torch.nn.CrossEntropyLoss()(model(x), labels)
        value.backward()
        history[t] = value.item()
        sgd.step()
    return {"losses": history}


def predict(logits):
    return logits.topk(1, dim=1).indices[:, 0]


def accuracy(predicted, labels):
    return float(np.mean(predicted.numpy() == labels.numpy()))
