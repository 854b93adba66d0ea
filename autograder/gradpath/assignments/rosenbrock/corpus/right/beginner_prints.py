# Rosenbrock homework
# the minimum is at (1, 1), let us see how long it takes

import matplotlib.pyplot as plt
import numpy as np
import torch


def rosenbrock(x, y):
    first_part = (1 - x) ** 2
    inside = y - x**2
    second_part = 100 * inside**2
    return first_part + second_part


def gradient(x, y):
    inside = y - x**2
    # derivative of the first part: 2 (1 - x) times -1
    first_x = 2 * (1 - x) * (-1)
    # derivative of the second part: 200 (y - x^2) times -2x
    second_x = 200 * inside * (-2 * x)
    by_x = first_x + second_x
    by_y = 200 * inside
    return (by_x, by_y)


def descend(start, step_size, tolerance, max_iterations):
    x = start[0]
    y = start[1]
    list_of_points = []
    list_of_losses = []
    counter = 0
    finished = rosenbrock(x, y) <= tolerance
    while not finished and counter < max_iterations:
        # both partial derivatives first, then both updates
        by_x, by_y = gradient(x, y)
        x = x - step_size * by_x
        y = y - step_size * by_y
        loss_now = rosenbrock(x, y)
        list_of_points.append(np.array([x, y]))
        list_of_losses.append(loss_now)
        counter = counter + 1
        if counter % 1000 == 0:
            print("iteration", counter, "loss", loss_now)
        if loss_now <= tolerance:
            finished = True
    print("stopped after", counter, "iterations at", x, y)
    record = {}
    record["points"] = list_of_points
    record["losses"] = list_of_losses
    record["iterations"] = counter
    return record


def descend_autograd(start, step_size, tolerance, max_iterations):
    point = torch.tensor([start[0], start[1]], dtype=torch.float64)
    point.requires_grad = True
    list_of_points = []
    list_of_losses = []
    counter = 0
    loss_now = rosenbrock(point[0], point[1])
    while loss_now.item() > tolerance and counter < max_iterations:
        loss_now.backward()
        point.data = point.data - step_size * point.grad.data
        point.grad.data.zero_()
        loss_now = rosenbrock(point[0], point[1])
        list_of_points.append(point.tolist())
        list_of_losses.append(loss_now.item())
        counter = counter + 1
    print("torch needed", counter)
    record = {}
    record["points"] = list_of_points
    record["losses"] = list_of_losses
    record["iterations"] = counter
    return record


if __name__ == "__main__":
    answer = descend((0.0, 0.0), 0.001, 0.001, 100000)
    path = np.array(answer["points"])
    plt.plot(path[:, 0], path[:, 1])
    plt.plot([1], [1], "r*")
    plt.xlabel("x")
    plt.ylabel("y")
    plt.savefig("path.png")
    plt.figure()
    plt.semilogy(answer["losses"])
    plt.show()
