# Assignment: hidden layer
# every step on a line of its own
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

# only for my own experiments at the bottom of the file
torch.manual_seed(42)


def init_parameters(num_features, num_hidden, num_classes, generator):
    first_weights = torch.randn(num_features, num_hidden, generator=generator)
    first_weights.requires_grad_(True)
    first_bias = torch.randn(num_hidden, generator=generator)
    first_bias.requires_grad_(True)
    second_weights = torch.randn(num_hidden, num_classes, generator=generator)
    second_weights.requires_grad_(True)
    second_bias = torch.randn(num_classes, generator=generator)
    second_bias.requires_grad_(True)
    parameters = dict()
    parameters["W1"] = first_weights
    parameters["B1"] = first_bias
    parameters["Wout"] = second_weights
    parameters["Bout"] = second_bias
    return parameters


def forward(x, parameters):
    # linear
    step_one = torch.matmul(x, parameters["W1"])
    step_two = torch.add(step_one, parameters["B1"])
    # ReLU: the larger of the value and 0
    step_three = torch.maximum(step_two, torch.tensor(0.0))
    # linear again
    step_four = torch.matmul(step_three, parameters["Wout"])
    step_five = torch.add(step_four, parameters["Bout"])
    return step_five


def loss(logits, labels):
    log_probabilities = F.log_softmax(logits, dim=1)
    total = torch.tensor(0.0)
    number_of_samples = labels.shape[0]
    for i in range(number_of_samples):
        label = labels[i]
        total = total - log_probabilities[i, label]
    return total / number_of_samples


def backward(x, labels, parameters):
    w1, b1, w2, b2 = [parameters[name].data for name in ("W1", "B1", "Wout", "Bout")]
    total = {name: torch.zeros_like(value.data) for name, value in parameters.items()}
    for row, label in zip(x, labels):
        s = row @ w1 + b1
        h = torch.where(s > 0, s, torch.zeros_like(s))
        error = torch.softmax(h @ w2 + b2, dim=0)
        error[label] -= 1.0
        back = (w2 @ error) * (s > 0)
        total["W1"] += torch.outer(row, back)
        total["B1"] += back
        total["Wout"] += torch.outer(h, error)
        total["Bout"] += error
    return {name: value / len(x) for name, value in total.items()}


def train_manual(x, labels, parameters, lr, epochs):
    names = ["W1", "B1", "Wout", "Bout"]
    # copies, because the parameters that I was given must not change
    mine = {}
    for name in names:
        mine[name] = parameters[name].clone().detach()
        mine[name].requires_grad_(True)
    losses = []
    for epoch in range(epochs):
        # forward pass; F.relu and not torch.maximum, whose gradient at exactly 0 is one half
        hidden = F.relu(torch.matmul(x, mine["W1"]) + mine["B1"])
        logits = torch.matmul(hidden, mine["Wout"]) + mine["Bout"]
        current_loss = loss(logits, labels)
        losses.append(current_loss.item())
        if epoch % 200 == 0:
            print("epoch", epoch, "loss", current_loss.item())
        # backward pass
        current_loss.backward()
        # update
        with torch.no_grad():
            for name in names:
                mine[name] -= lr * mine[name].grad
        # forget the gradients of this epoch
        for name in names:
            mine[name].grad.zero_()
    record = {}
    record["losses"] = losses
    record["parameters"] = mine
    return record


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        hidden = self.linear1(x)
        hidden = F.relu(hidden)
        logits = self.linear2(hidden)
        return logits


def train_optim(model, x, labels, lr, epochs):
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=lr)
    model.train()
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        logits = model(x)
        # log_softmax a second time changes nothing, CrossEntropyLoss does the same again
        current_loss = criterion(F.log_softmax(logits, dim=1), labels)
        losses.append(current_loss.item())
        if epoch % 200 == 0:
            print("epoch", epoch, "loss", current_loss.item())
        current_loss.backward()
        optimizer.step()
    record = {}
    record["losses"] = losses
    return record


def predict(logits):
    values, positions = torch.max(logits, dim=1)
    return positions


def accuracy(predicted, labels):
    number_right = 0
    for i in range(len(labels)):
        if predicted[i] == labels[i]:
            number_right = number_right + 1
    return number_right / len(labels)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    points = torch.tensor([[0, 0], [1, 0], [1, 1], [0, 0], [0, 0], [0, 1]]).float()
    classes = torch.tensor([0, 1, 2, 0, 0, 2])
    start = init_parameters(2, 5, 3, torch.Generator().manual_seed(0))
    by_hand = train_manual(points, classes, start, 0.01, 1000)
    net = ModelWithHiddenLayer(2, 5, 3)
    with_optim = train_optim(net, points, classes, 0.01, 1000)
    print("accuracy by hand:", accuracy(predict(forward(points, by_hand["parameters"])), classes))
    print("accuracy with optim:", accuracy(predict(net(points)), classes))
    plt.plot(by_hand["losses"], label="by hand")
    plt.plot(with_optim["losses"], label="optim")
    plt.xlabel("epoch")
    plt.ylabel("loss")
    plt.legend()
    plt.show()
