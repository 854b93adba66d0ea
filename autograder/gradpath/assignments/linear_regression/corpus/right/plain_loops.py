"""The regression with lists and loops only; torch appears where there are tensors."""

import torch


def to_list(values):
    return values.tolist() if hasattr(values, "tolist") else list(values)


def predict_row(row, w, b):
    outputs = []
    for weights, bias in zip(w, b, strict=True):
        total = bias
        for value, weight in zip(row, weights, strict=True):
            total += value * weight
        outputs.append(total)
    return outputs


def model(x, w, b):
    if torch.is_tensor(w):
        return torch.stack([(w * row).sum(dim=1) + b for row in x])
    w, b = to_list(w), to_list(b)
    return [predict_row(row, w, b) for row in to_list(x)]


def mse(predictions, targets):
    if torch.is_tensor(predictions):
        return torch.nn.functional.mse_loss(predictions, targets)
    total, count = 0.0, 0
    for row_p, row_t in zip(to_list(predictions), to_list(targets), strict=True):
        for p, t in zip(row_p, row_t, strict=True):
            total += (p - t) ** 2
            count += 1
    return total / count


def gradients(inputs, targets, w, b):
    inputs, targets = to_list(inputs), to_list(targets)
    num_outputs, num_features = len(targets[0]), len(inputs[0])
    dw = [[0.0] * num_features for _ in range(num_outputs)]
    db = [0.0] * num_outputs
    count = len(targets) * num_outputs
    for row, wanted, got in zip(inputs, targets, model(inputs, w, b), strict=True):
        for i in range(num_outputs):
            slope = 2 * (got[i] - wanted[i]) / count
            db[i] += slope
            for j in range(num_features):
                dw[i][j] += slope * row[j]
    return dw, db


def train_numpy(inputs, targets, w, b, lr, epochs):
    w, b = to_list(w), to_list(b)
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        # New lists each time: the caller's rows are never written to.
        w = [[v - lr * g for v, g in zip(*rows, strict=True)] for rows in zip(w, dw, strict=True)]
        b = [v - lr * g for v, g in zip(b, db, strict=True)]
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    rows = [torch.tensor(to_list(row), dtype=torch.float32) for row in inputs]
    wanted = [torch.tensor(to_list(row), dtype=torch.float32) for row in targets]
    w = torch.tensor(to_list(w), dtype=torch.float32, requires_grad=True)
    b = torch.tensor(to_list(b), dtype=torch.float32, requires_grad=True)
    losses = []
    for _ in range(epochs):
        total = torch.zeros(())
        for row, goal in zip(rows, wanted, strict=True):
            total = total + ((w @ row + b - goal) ** 2).sum()
        cost = total / (len(rows) * len(wanted[0]))
        cost.backward()
        losses.append(float(cost.detach()))
        with torch.no_grad():
            w.sub_(w.grad, alpha=lr)
            b.sub_(b.grad, alpha=lr)
        w.grad = None
        b.grad = None
    return {"losses": losses, "w": w.tolist(), "b": b.tolist()}
