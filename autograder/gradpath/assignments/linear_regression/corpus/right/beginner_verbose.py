# Assignment: apples and oranges
# I wrote down every intermediate step so that I can print it.
import numpy as np
import torch

print("loading my solution ...")


def model(x, w, b):
    # (n, 3) times (3, 2) gives (n, 2)
    w_transposed = w.T
    product = x @ w_transposed
    result = product + b
    return result


def mse(predictions, targets):
    errors = predictions - targets
    squared_errors = errors * errors
    how_many = 1
    for size in squared_errors.shape:
        how_many = how_many * size
    total = squared_errors.sum()
    return total / how_many


def gradients(inputs, targets, w, b):
    inputs = np.array(inputs, dtype=float)
    targets = np.array(targets, dtype=float)
    w = np.array(w, dtype=float)
    b = np.array(b, dtype=float)
    number_of_samples = inputs.shape[0]
    number_of_features = inputs.shape[1]
    number_of_outputs = targets.shape[1]
    number_of_elements = number_of_samples * number_of_outputs
    errors = model(inputs, w, b) - targets
    dw = np.zeros((number_of_outputs, number_of_features))
    db = np.zeros(number_of_outputs)
    for output in range(number_of_outputs):
        for feature in range(number_of_features):
            column = inputs[:, feature]
            dw[output, feature] = 2 * np.sum(errors[:, output] * column) / number_of_elements
        db[output] = 2 * np.sum(errors[:, output]) / number_of_elements
    return dw, db


def train_numpy(inputs, targets, w, b, lr, epochs):
    inputs = np.array(inputs, dtype=float)
    targets = np.array(targets, dtype=float)
    # my own copies, so the arrays of the caller stay as they are
    my_w = np.array(w, dtype=float)
    my_b = np.array(b, dtype=float)
    all_losses = []
    for epoch in range(1, epochs + 1):
        current_loss = mse(model(inputs, my_w, my_b), targets)
        all_losses.append(current_loss)
        if epoch == 1 or epoch % 50 == 0:
            print("epoch", epoch, "loss", current_loss)
        dw, db = gradients(inputs, targets, my_w, my_b)
        my_w = my_w - lr * dw
        my_b = my_b - lr * db
    answer = {}
    answer["losses"] = np.array(all_losses)
    answer["w"] = my_w
    answer["b"] = my_b
    answer["epochs"] = epochs
    return answer


def train(inputs, targets, w, b, lr, epochs):
    inputs = torch.tensor(np.array(inputs), dtype=torch.float32)
    targets = torch.tensor(np.array(targets), dtype=torch.float32)
    my_w = torch.tensor(np.array(w), dtype=torch.float32)
    my_b = torch.tensor(np.array(b), dtype=torch.float32)
    my_w.requires_grad = True
    my_b.requires_grad = True
    all_losses = []
    for epoch in range(1, epochs + 1):
        current_loss = mse(model(inputs, my_w, my_b), targets)
        all_losses.append(current_loss.item())
        if epoch == 1 or epoch % 50 == 0:
            print("epoch", epoch, "loss", current_loss.item())
        current_loss.backward()
        with torch.no_grad():
            my_w -= lr * my_w.grad
            my_b -= lr * my_b.grad
            my_w.grad.zero_()
            my_b.grad.zero_()
    answer = {}
    answer["losses"] = np.array(all_losses)
    answer["w"] = my_w.detach().numpy()
    answer["b"] = my_b.detach().numpy()
    return answer


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    temperature_rain_humidity = np.array(
        [[73, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]], dtype=float
    )
    apples_oranges = np.array([[56, 70], [81, 101], [119, 133], [22, 37], [103, 119]], dtype=float)
    start_w = np.zeros((2, 3))
    start_b = np.zeros(2)
    first = train_numpy(temperature_rain_humidity, apples_oranges, start_w, start_b, 1e-5, 100)
    second = train(temperature_rain_humidity, apples_oranges, start_w, start_b, 1e-5, 100)
    print("largest difference:", np.abs(first["losses"] - second["losses"]).max())
    plt.plot(first["losses"], label="by hand")
    plt.plot(second["losses"], "--", label="autograd")
    plt.xlabel("epoch")
    plt.ylabel("MSE")
    plt.yscale("log")
    plt.legend()
    plt.savefig("losses.png")
