"""Makes losses.json: contrastive, angular and supervised contrastive loss as pytorch-metric-learning computes them.

Needs Python 3.11, numpy 2.4.6, torch 2.13.0 (CPU) and pytorch-metric-learning 2.9.0.
Usage: python losses.py (writes losses.json beside itself; the same bytes every time)
"""

import json
from pathlib import Path

import numpy as np
import torch
from pytorch_metric_learning import distances, losses, reducers

BATCHES = [(6, 3, [0, 0, 1, 1, 2, 2]), (9, 5, [4, 4, 4, 4, -1, -1, 7, 7, 3]), (8, 17, [0, 1, 0, 1, 0, 1, 0, 1])]


class HalfSquares(reducers.SumReducer):
    """Hadsell's hinge is squared and halved; the library's is neither."""

    def pos_pair_reduction(self, losses, *args):
        return (losses**2).sum() / 2

    neg_pair_reduction = pos_pair_reduction


def batches(random, scale):
    for count, dimension, labels in BATCHES:
        values = random.normal(0, scale, (count, dimension)).astype(np.float32).astype(np.float64)
        yield values, labels


def case(values, labels, loss, gradient, **parameters):
    return {
        "embeddings": [[float(f"{x:.9g}") for x in row] for row in values], "labels": labels, **parameters,
        "loss": loss, "gradient": [[float(f"{x:.9g}") for x in row] for row in gradient.tolist()],
    }


def unordered_pairs(labels):
    pairs = [(i, j) for i in range(len(labels)) for j in range(i)]
    positive = [pair for pair in pairs if labels[pair[0]] == labels[pair[1]]]
    negative = [pair for pair in pairs if labels[pair[0]] != labels[pair[1]]]
    return [torch.tensor(column) for pairs in (positive, negative) for column in zip(*pairs)], positive, negative


def contrastive(random):
    cases = []
    for positive_margin, negative_margin in [(0.0, 1.0), (0.5, 2.0)]:
        for values, labels in batches(random, 0.5):
            indices, positive, negative = unordered_pairs(labels)
            euclidean = distances.LpDistance(normalize_embeddings=False, p=2, power=1)
            function = losses.ContrastiveLoss(
                positive_margin, negative_margin, distance=euclidean, reducer=HalfSquares())
            terms = function.compute_loss
            for reduction in ["sum", "mean"]:
                embeddings = torch.tensor(values, requires_grad=True)
                if reduction == "sum":
                    loss = function(embeddings, torch.tensor(labels), tuple(indices))
                else:
                    # Mean over the positives plus mean over the negatives.
                    parts = terms(embeddings, torch.tensor(labels), tuple(indices), embeddings, torch.tensor(labels))
                    loss = sum((parts[name]["losses"] ** 2).mean() / 2 for name in ["pos_loss", "neg_loss"])
                loss.backward()
                cases.append(case(
                    values, labels, loss.item(), embeddings.grad, positiveMargin=positive_margin,
                    negativeMargin=negative_margin, reduction=reduction))
    return cases


def angular(random):
    cases = []
    for angle in [40.0, 55.0]:
        for values, labels in batches(random, 0.5):
            for reduction in ["sum", "mean"]:
                embeddings = torch.tensor(values, requires_grad=True)
                # The library scales anchors and positives but not negatives.
                unit = torch.nn.functional.normalize(embeddings)
                reducer = reducers.SumReducer() if reduction == "sum" else reducers.MeanReducer()
                loss = losses.AngularLoss(angle, reducer=reducer)(unit, torch.tensor(labels))
                # It takes every pair in both orders.
                loss = loss / 2 if reduction == "sum" else loss
                loss.backward()
                cases.append(case(values, labels, loss.item(), embeddings.grad, angle=angle, reduction=reduction))
    return cases


def supervised_contrastive(random):
    cases = []
    for temperature in [0.1, 0.5]:
        for values, labels in batches(random, 0.5):
            anchors = sum(labels.count(label) > 1 for label in labels)
            for reduction in ["sum", "mean"]:
                embeddings = torch.tensor(values, requires_grad=True)
                loss = losses.SupConLoss(temperature, reducer=reducers.SumReducer())(embeddings, torch.tensor(labels))
                loss = loss if reduction == "sum" else loss / anchors
                loss.backward()
                cases.append(case(
                    values, labels, loss.item(), embeddings.grad, temperature=temperature, reduction=reduction))
    return cases


def main():
    random = np.random.default_rng(5)
    goldens = {
        "contrastive": contrastive(random), "angular": angular(random),
        "supervisedContrastive": supervised_contrastive(random),
    }
    lines = [f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(case)}" for case in cases) + "\n  ]"
             for name, cases in goldens.items()]
    Path(__file__).with_name("losses.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
