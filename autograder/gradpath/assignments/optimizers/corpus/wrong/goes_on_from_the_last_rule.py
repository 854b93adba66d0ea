# loses: compare
# named: rules-share-a-path
# mistake: x and y are set once, so each rule begins where the last one ended
# homework 8
# I print a lot because it helps me to see the steps
import numpy as np
import math


def sgd(w, gradients, lr):
    number_of_steps = len(gradients)
    number_of_weights = len(w)
    result = np.zeros((number_of_steps, number_of_weights))
    current = []
    for i in range(number_of_weights):
        current.append(float(w[i]))
    for step in range(number_of_steps):
        for i in range(number_of_weights):
            current[i] = current[i] - lr * gradients[step][i]
            result[step][i] = current[i]
        print("step", step + 1, "weights", current)
    return result


def momentum(w, gradients, lr, momentum):
    number_of_steps = len(gradients)
    number_of_weights = len(w)
    result = np.zeros((number_of_steps, number_of_weights))
    for i in range(number_of_weights):
        weight = float(w[i])
        velocity = 0
        for step in range(number_of_steps):
            if step == 0:
                velocity = gradients[0][i]
            else:
                velocity = momentum * velocity + gradients[step][i]
            weight = weight - lr * velocity
            result[step][i] = weight
    print("momentum done")
    return result


def adagrad(w, gradients, lr, eps):
    number_of_steps = len(gradients)
    number_of_weights = len(w)
    result = np.zeros((number_of_steps, number_of_weights))
    for i in range(number_of_weights):
        weight = float(w[i])
        for step in range(number_of_steps):
            # add up everything again, it is slow but clear
            total = 0
            for k in range(step + 1):
                total = total + gradients[k][i] ** 2
            weight = weight - lr * gradients[step][i] / (math.sqrt(total) + eps)
            result[step][i] = weight
    return result


def rmsprop(w, gradients, lr, decay, eps):
    number_of_steps = len(gradients)
    number_of_weights = len(w)
    result = np.zeros((number_of_steps, number_of_weights))
    for i in range(number_of_weights):
        weight = float(w[i])
        average = 0
        for step in range(number_of_steps):
            average = decay * average + (1 - decay) * gradients[step][i] ** 2
            divisor = math.sqrt(average) + eps
            weight = weight - lr * gradients[step][i] / divisor
            result[step][i] = weight
    return result


def adam(w, gradients, lr, beta1, beta2, eps):
    number_of_steps = len(gradients)
    number_of_weights = len(w)
    result = np.zeros((number_of_steps, number_of_weights))
    for i in range(number_of_weights):
        weight = float(w[i])
        m = 0
        v = 0
        for step in range(number_of_steps):
            g = gradients[step][i]
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            # step starts at 0 but the formula starts at 1
            m_corrected = m / (1 - beta1 ** (step + 1))
            v_corrected = v / (1 - beta2 ** (step + 1))
            weight = weight - lr * m_corrected / (math.sqrt(v_corrected) + eps)
            result[step][i] = weight
    print("adam ends at", result[-1])
    return result


def steps_to(losses, level):
    answer = -1
    for i in range(len(losses)):
        if losses[i] <= level and answer == -1:
            answer = i
    return answer


def compare(w, lr, steps):
    answer = {}

    # sgd
    x, y = w[0], w[1]
    losses = []
    for step in range(steps):
        x = x - lr * x
        y = y - lr * 20 * y
        losses.append(x**2 / 2 + 10 * y**2)
    answer["sgd"] = losses

    # momentum
    vx, vy = 0, 0
    losses = []
    for step in range(steps):
        vx = 0.9 * vx + x
        vy = 0.9 * vy + 20 * y
        x = x - lr * vx
        y = y - lr * vy
        losses.append(x**2 / 2 + 10 * y**2)
    answer["momentum"] = losses

    # adagrad
    sx, sy = 0, 0
    losses = []
    for step in range(steps):
        gx, gy = x, 20 * y
        sx = sx + gx**2
        sy = sy + gy**2
        x = x - lr * gx / (math.sqrt(sx) + 1e-8)
        y = y - lr * gy / (math.sqrt(sy) + 1e-8)
        losses.append(x**2 / 2 + 10 * y**2)
    answer["adagrad"] = losses

    # rmsprop
    sx, sy = 0, 0
    losses = []
    for step in range(steps):
        gx, gy = x, 20 * y
        sx = 0.99 * sx + 0.01 * gx**2
        sy = 0.99 * sy + 0.01 * gy**2
        x = x - lr * gx / (math.sqrt(sx) + 1e-8)
        y = y - lr * gy / (math.sqrt(sy) + 1e-8)
        losses.append(x**2 / 2 + 10 * y**2)
    answer["rmsprop"] = losses

    # adam
    mx, my, sx, sy = 0, 0, 0, 0
    losses = []
    for step in range(1, steps + 1):
        gx, gy = x, 20 * y
        mx = 0.9 * mx + 0.1 * gx
        my = 0.9 * my + 0.1 * gy
        sx = 0.999 * sx + 0.001 * gx**2
        sy = 0.999 * sy + 0.001 * gy**2
        x = x - lr * (mx / (1 - 0.9**step)) / (math.sqrt(sx / (1 - 0.999**step)) + 1e-8)
        y = y - lr * (my / (1 - 0.9**step)) / (math.sqrt(sy / (1 - 0.999**step)) + 1e-8)
        losses.append(x**2 / 2 + 10 * y**2)
    answer["adam"] = losses

    print(answer)
    return answer
