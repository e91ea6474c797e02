"""Makes metrics.json: losses, mined triplets and retrieval measures as established libraries compute them.

Needs Python 3.11, numpy 2.4.6, torch 2.13.0 (CPU), pytorch-metric-learning 2.9.0 and scikit-learn 1.9.1.
Usage: python metrics.py (writes metrics.json beside itself; the same bytes every time)
"""

import json
from pathlib import Path

import numpy as np
import torch
from pytorch_metric_learning import distances, losses, miners, reducers
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from pytorch_metric_learning.utils.inference import CustomKNN
from sklearn.metrics import average_precision_score, label_ranking_average_precision_score


def float32(array):
    """Rounds to what Swift will read, and goes on in double precision."""
    return np.asarray(array, dtype=np.float32).astype(np.float64)


def rows(array):
    return [[float(f"{x:.9g}") for x in row] for row in np.asarray(array)]


def squared_euclidean():
    return distances.LpDistance(normalize_embeddings=False, p=2, power=2)


def triplet_losses(random):
    """Triplets over a small batch, two margins; torch and pytorch-metric-learning must agree first."""
    cases = []
    for count, dimension, margin in [(6, 3, 1.0), (9, 7, 1.0), (8, 4, 0.25)]:
        values = float32(random.normal(0, 0.5, (count, dimension)))
        labels = np.arange(count) % 3
        triplets = [
            (a, p, n)
            for a in range(count) for p in range(count) for n in range(count)
            if a != p and labels[a] == labels[p] != labels[n]
        ]
        triplets = [triplets[i] for i in random.permutation(len(triplets))[:20]]
        a, p, n = (torch.tensor(column) for column in zip(*triplets))
        for reduction in ["sum", "mean"]:
            embeddings = torch.tensor(values, requires_grad=True)
            loss = torch.nn.TripletMarginWithDistanceLoss(
                distance_function=lambda x, y: ((x - y) ** 2).sum(1), margin=margin, reduction=reduction,
            )(embeddings[a], embeddings[p], embeddings[n])
            loss.backward()

            reducer = reducers.SumReducer() if reduction == "sum" else reducers.MeanReducer()
            other = losses.TripletMarginLoss(margin=margin, distance=squared_euclidean(), reducer=reducer)(
                torch.tensor(values), torch.tensor(labels), (a, p, n))
            assert abs(loss.item() - other.item()) < 1e-12, (loss.item(), other.item())

            terms = ((values[a] - values[p]) ** 2).sum(1) - ((values[a] - values[n]) ** 2).sum(1) + margin
            cases.append({
                "embeddings": rows(values), "triplets": [list(map(int, t)) for t in triplets], "margin": margin,
                "reduction": reduction, "loss": loss.item(), "active": int((terms > 0).sum()),
                "gradient": rows(embeddings.grad),
            })
    return cases


def cross_entropies(random):
    """Ordinary logits, and such as overflow exp."""
    cases = []
    for scale in [1, 8, 500]:
        logits = float32(random.normal(0, scale, (7, 4)))
        labels = random.integers(0, 4, 7)
        for reduction in ["sum", "mean"]:
            tensor = torch.tensor(logits, requires_grad=True)
            loss = torch.nn.CrossEntropyLoss(reduction=reduction)(tensor, torch.tensor(labels))
            loss.backward()
            cases.append({
                "logits": rows(logits), "labels": labels.tolist(), "reduction": reduction, "loss": loss.item(),
                "correct": int((logits.argmax(1) == labels).sum()), "gradient": rows(tensor.grad),
            })
    return cases


def mined_triplets(random):
    """hard = BatchHardMiner; custom = all positives with the hard negative; semi-hard = every triplet of the band."""
    cases = []
    for count, dimension, classes in [(12, 5, 3), (16, 2, 4), (10, 8, 5)]:
        values = float32(random.normal(0, 0.6, (count, dimension)))
        labels = random.integers(0, classes, count)
        embeddings = torch.tensor(values)

        def mined(miner):
            """Triplets, sorted; a miner that pairs "all" answers with anchors twice: (a, p, a, n)."""
            columns = [column.tolist() for column in miner(embeddings, torch.tensor(labels))]
            if len(columns) == 3:
                return sorted(map(list, zip(*columns)))
            negative = dict(zip(columns[2], columns[3]))
            assert len(negative) == len(columns[2]), "one negative an anchor"
            return sorted([a, p, negative[a]] for a, p in zip(*columns[:2]) if a in negative)

        cases.append({
            "embeddings": rows(values), "labels": labels.tolist(), "margin": 1.0,
            "hard": mined(miners.BatchHardMiner(distance=squared_euclidean())),
            "custom": mined(miners.BatchEasyHardMiner(
                pos_strategy="all", neg_strategy="hard", distance=squared_euclidean())),
            "semiHardBand": mined(miners.TripletMarginMiner(
                margin=1.0, type_of_triplets="semihard", distance=squared_euclidean())),
        })
    return cases


def retrievals(random):
    """Each song of a collection queries all the others by cosine; every class has two songs or more."""
    cases = []
    for count, dimension, classes in [(24, 4, 3), (40, 6, 8)]:
        values = float32(random.normal(0, 1, (count, dimension)))
        labels = np.concatenate([np.repeat(np.arange(classes), 2), random.integers(0, classes, count - 2 * classes)])
        labels = random.permutation(labels)
        unit = values / np.linalg.norm(values, axis=1, keepdims=True)
        similarities = unit @ unit.T

        average_precisions, reciprocal_ranks, precisions = [], [], {k: [] for k in (1, 5, 9)}
        for query in range(count):
            others = np.arange(count) != query
            scores, relevant = similarities[query, others], labels[others] == labels[query]
            average_precisions.append(average_precision_score(relevant, scores))
            assert abs(label_ranking_average_precision_score([relevant], [scores]) - average_precisions[-1]) < 1e-12
            ranked = relevant[np.argsort(-scores)]
            reciprocal_ranks.append(1 / (1 + int(np.argmax(ranked))))
            for k in precisions:
                precisions[k].append(ranked[:k].mean())

        calculator = AccuracyCalculator(
            include=("mean_average_precision", "mean_reciprocal_rank", "precision_at_1"), k=None,
            knn_func=CustomKNN(distances.CosineSimilarity()), device=torch.device("cpu"))
        accuracy = calculator.get_accuracy(torch.tensor(values), torch.tensor(labels))
        assert abs(accuracy["mean_average_precision"] - np.mean(average_precisions)) < 1e-6, accuracy
        assert abs(accuracy["mean_reciprocal_rank"] - np.mean(reciprocal_ranks)) < 1e-6, accuracy
        assert abs(accuracy["precision_at_1"] - np.mean(precisions[1])) < 1e-6, accuracy

        cases.append({
            "embeddings": rows(values), "labels": labels.tolist(), "averagePrecisions": average_precisions,
            "mrr": float(np.mean(reciprocal_ranks)), "map": float(np.mean(average_precisions)),
            "precisions": [float(np.mean(precisions[k])) for k in (1, 5, 9)],
        })
    return cases


def main():
    random = np.random.default_rng(3)
    goldens = {
        "tripletLosses": triplet_losses(random), "crossEntropies": cross_entropies(random),
        "minedTriplets": mined_triplets(random), "retrievals": retrievals(random),
    }
    lines = [f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(case)}" for case in cases) + "\n  ]"
             for name, cases in goldens.items()]
    Path(__file__).with_name("metrics.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
