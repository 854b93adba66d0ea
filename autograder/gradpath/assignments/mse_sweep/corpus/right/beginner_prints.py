# Exercise: try many weights and look at the loss
# first import the things we need
import matplotlib.pyplot as plt
import numpy as np

# the data from the sheet
hours = [1.0, 2.0, 3.0]
points = [2.0, 4.0, 6.0]


def forward(x, w):
    # the model is only one multiplication
    result = x * w
    return result


def loss(x, y, w):
    # how far away are we?
    prediction = forward(x, w)
    distance = prediction - y
    # square it so that it is positive
    squared = distance**2
    return squared


def mean_squared_error(xs, ys, w):
    sum_of_losses = 0.0
    number = 0
    for x, y in zip(xs, ys):
        one_loss = loss(x, y, w)
        print("x =", x, "y =", y, "loss =", one_loss)
        sum_of_losses += one_loss
        number += 1
    mean = sum_of_losses / number
    return float(mean)


def weight_grid():
    # the 4.05 is there so that 4.0 is included for sure
    grid = np.arange(0.0, 4.05, 0.1)
    return grid


def sweep(xs, ys, weights):
    results = np.zeros(len(weights))
    for number in range(len(weights)):
        print("----- w =", weights[number])
        results[number] = mean_squared_error(xs, ys, weights[number])
        print("MSE =", results[number])
    return results


def best_weight(weights, losses):
    smallest = None
    winner = None
    for w, l_now in zip(weights, losses):
        if smallest is None or l_now < smallest:
            smallest = l_now
            winner = w
    return winner


def plot_sweep(weights, losses):
    figure, axes = plt.subplots()
    axes.plot(weights, losses)
    axes.set_title("Loss for every weight")
    axes.set_xlabel("w")
    axes.set_ylabel("Loss")
    plt.show()
    return axes


if __name__ == "__main__":
    all_weights = weight_grid()
    all_losses = sweep(hours, points, all_weights)
    print("best weight:", best_weight(all_weights, all_losses))
    plot_sweep(all_weights, all_losses)
