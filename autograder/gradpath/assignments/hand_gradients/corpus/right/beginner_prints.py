# Homework: gradients by hand
# I tried to write down every single step.

import matplotlib.pyplot as plt
import torch

my_xs = [1.0, 2.0, 3.0]
my_ys = [2.0, 4.0, 6.0]


# the model
def predict(x, w):
    prediction = x * w
    return prediction


# the loss for one sample
def loss(x, y, w):
    prediction = predict(x, w)
    difference = prediction - y
    squared_difference = difference * difference
    return squared_difference


# derivative of the loss, first the outside, then the inside
def gradient(x, y, w):
    prediction = predict(x, w)
    difference = prediction - y
    outside = 2 * difference
    inside = x
    answer = outside * inside
    return answer


def train(xs, ys, w, lr, epochs):
    all_gradients = []
    all_weights = []
    all_losses = []
    number_of_samples = len(xs)
    epoch = 0
    while epoch < epochs:
        print("epoch", epoch + 1, "of", epochs)
        i = 0
        while i < number_of_samples:
            x = float(xs[i])
            y = float(ys[i])
            g = gradient(x, y, w)
            print("   sample", i, "x =", x, "y =", y, "gradient =", g)
            new_w = w - lr * g
            w = new_w
            all_gradients.append(g)
            all_weights.append(w)
            i = i + 1
        last_x = float(xs[number_of_samples - 1])
        last_y = float(ys[number_of_samples - 1])
        l_end = loss(last_x, last_y, w)
        print("   loss at the end:", l_end)
        all_losses.append(l_end)
        epoch = epoch + 1
    record = {}
    record["gradients"] = all_gradients
    record["weights"] = all_weights
    record["losses"] = all_losses
    return record


def train_autograd(xs, ys, w, lr, epochs):
    all_gradients = []
    all_weights = []
    all_losses = []
    # a tensor with one element, and torch has to know that it needs a gradient
    w_tensor = torch.tensor([float(w)], dtype=torch.float32, requires_grad=True)
    for epoch in range(epochs):
        for i in range(len(xs)):
            x_tensor = torch.tensor([float(xs[i])], dtype=torch.float32)
            y_tensor = torch.tensor([float(ys[i])], dtype=torch.float32)
            l_now = loss(x_tensor, y_tensor, w_tensor)
            l_now.backward()
            g = w_tensor.grad.item()
            w_tensor.data = w_tensor.data - lr * w_tensor.grad.data
            w_tensor.grad.data.zero_()
            all_gradients.append(g)
            all_weights.append(w_tensor.item())
        all_losses.append(l_now.item())
        print("epoch", epoch, "loss", l_now.item())
    record = {}
    record["gradients"] = all_gradients
    record["weights"] = all_weights
    record["losses"] = all_losses
    return record


if __name__ == "__main__":
    print("before training:", predict(4.0, 1.0))
    result = train(my_xs, my_ys, 1.0, 0.01, 10)
    result2 = train_autograd(my_xs, my_ys, 1.0, 0.01, 10)
    print("after training:", predict(4.0, result["weights"][-1]))
    plt.plot(result["weights"], label="by hand")
    plt.plot(result2["weights"], "--", label="torch")
    plt.xlabel("update")
    plt.ylabel("w")
    plt.legend()
    plt.show()
