"""Makes prcnn_*.json: outputs, gradients and ten SGD steps of the PRCNN in PyTorch, in float64.

Weights and inputs are not stored: `uniform` makes them from a hash that the Swift tests repeat exactly. Of a big
tensor's gradient 128 elements are stored, evenly spread, beside its sum, norm and largest magnitude. Triplets are
stored for every step, as mined here from the float64 embeddings.

The full network has some 300,000 pools per song, and float32 rounding would decide a few of them differently. Its
inputs and the convolutions' weights therefore lie on a coarse grid, on which float32 sums are exact in any order: real
ties occur, and go to the first.

    pip install torch==2.13.0 numpy && python Tests/Goldens/prcnn_goldens.py [CASE…]
"""

import json
import platform
import sys
from pathlib import Path

import numpy as np
import torch
from prcnn import FULL, PRCNN

STEPS, STORED, MARGIN = 10, 128, 1.0
ODD = {
    "frameCount": 61, "melBandCount": 23, "filters": [5, 17, 3],
    "pools": [{"frames": 2, "bands": 3}, {"frames": 3, "bands": 2}, {"frames": 2, "bands": 1}],
    "sequencePool": {"frames": 3, "bands": 4}, "sequenceWidth": 7, "recurrentUnits": 9, "embeddingDimension": 11,
}  # fmt: skip
SHALLOW = {
    "frameCount": 18, "melBandCount": 16, "filters": [33], "pools": [{"frames": 1, "bands": 4}],
    "sequencePool": {"frames": 1, "bands": 1}, "sequenceWidth": 16, "recurrentUnits": 4, "embeddingDimension": 5,
}  # fmt: skip
CASES = [
    # name, configuration, labels, input, seed, learning rate of cross-entropy, of triplet loss
    ("full", FULL, [0, 1, 2, 3, 0, 1, 2, 0], "standardised", 1, 0.002, 0.0003),
    ("full-decibels", FULL, [0, 1, 1, 0], "decibels", 2, 0.00002, 0.000003),
    ("odd", ODD, [0, 1, 1, 2, 0, 2, 1, 0, 0, 2, 1], "standardised", 3, 0.002, 0.001),
    ("shallow", SHALLOW, [0, 0, 1, 1, 0, 1], "standardised", 4, 0.002, 0.002),
]


def uniform(seed, count):
    """SplitMix64's output for the states seed · 2^32 + index: the upper 24 bits, in [0, 1)."""
    with np.errstate(over="ignore"):
        z = (np.uint64(seed) << np.uint64(32)) + np.arange(count, dtype=np.uint64)
        z = (z + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-24


def weights(network, seed, on_grid):
    """Glorot's range for each matrix, ±0.1 for each bias; rounded to float32, which is what Akin computes with."""
    state = {}
    for index, (name, tensor) in enumerate(network.named_parameters()):
        rows, columns = tensor.shape[0], tensor[0].numel()
        limit = 0.1 if tensor.ndim == 1 else np.sqrt(6 / (rows + columns))
        values = limit * (2 * uniform(1000 * seed + index, tensor.numel()) - 1)
        if on_grid and name.startswith("convolutions."):
            grid = 32 if tensor.ndim == 1 or columns < 64 else 16
            values = np.round(grid * values) / grid
        state[name] = torch.from_numpy(values.astype(np.float32).astype(np.float64)).reshape(tensor.shape)
    return state


def inputs(labels, frames, bands, kind, seed, on_grid):
    """[songs, frames, bands]: a profile over the bands for each class and for each song, a level for every 16 frames,
    and noise: in ±2.5, or in -80...0."""
    songs = []
    for song, label in enumerate(labels):
        of_class = 2 * uniform(1000 * seed + 100 + label, bands) - 1
        of_song = uniform(1000 * seed + 200 + song, bands) - 0.5
        level = (uniform(1000 * seed + 300 + song, frames) - 0.5)[np.arange(frames) // 16]
        noise = uniform(1000 * seed + 400 + song, frames * bands).reshape(frames, bands) - 0.5
        songs.append(of_class + of_song + level[:, None] + noise)
    values = np.stack(songs)
    if kind == "decibels":
        values = 16 * values - 40
    if on_grid:
        grid = 1 if kind == "decibels" else 4
        values = np.round(grid * values) / grid
    return torch.from_numpy(values.astype(np.float32).astype(np.float64))


def mine(kind, embeddings, labels, generator):
    """As MetricLearning's TripletMiner: in the order of the anchors, then of the positives."""
    distances = ((embeddings[:, None] - embeddings[None, :]) ** 2).sum(-1)
    triplets = []
    for a in range(len(labels)):
        positives = [p for p in range(len(labels)) if p != a and labels[p] == labels[a]]
        negatives = [n for n in range(len(labels)) if labels[n] != labels[a]]
        if not positives:
            continue
        closest = min(negatives, key=lambda n: distances[a, n])
        if kind == "random":
            triplets.append((a, generator.choice(positives), generator.choice(negatives)))
        elif kind == "hard":
            triplets.append((a, max(positives, key=lambda p: distances[a, p]), closest))
        elif kind == "custom":
            triplets += [(a, p, closest) for p in positives]
        else:
            for p in positives:
                band = [n for n in negatives if distances[a, p] < distances[a, n] < distances[a, p] + MARGIN]
                if band:
                    triplets.append((a, p, generator.choice(band)))
    return [tuple(map(int, t)) for t in triplets]


def triplet_loss(embeddings, triplets):
    a, p, n = (embeddings[[t[i] for t in triplets]] for i in range(3))
    return torch.relu(((a - p) ** 2).sum(1) - ((a - n) ** 2).sum(1) + MARGIN).sum()


def nine_digits(value):
    """Enough for float32, and few enough that another order of the same sums gives the same file."""
    return float(f"{float(value):.9g}")


def rounded(values):
    return [nine_digits(v) for v in np.asarray(values).ravel()]


def gradient_record(gradient):
    values = gradient.numpy().ravel()
    stored = min(STORED, values.size)
    return {
        "values": rounded(values[np.arange(stored) * values.size // stored]), "sum": nine_digits(values.sum()),
        "norm": nine_digits(np.linalg.norm(values)), "largest": nine_digits(np.abs(values).max()),
    }  # fmt: skip


def train(network, start, songs, labels, kind, rate, generator):
    """Ten steps; the first step's gradient is the case's."""
    network.load_state_dict(start, strict=False)
    record = {"learningRate": rate, "losses": [], "triplets": []}
    for step in range(STEPS):
        embeddings, logits = network(songs)
        if kind == "cross-entropy":
            loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels), reduction="sum")
        else:
            triplets = mine(kind, embeddings.detach().numpy(), labels, generator)
            record["triplets"].append([i for t in triplets for i in t])
            loss = triplet_loss(embeddings, triplets)
        network.zero_grad(set_to_none=False)
        loss.backward()
        if step == 0:
            record["gradient"] = {
                n: gradient_record(torch.zeros_like(p) if p.grad is None else p.grad)
                for n, p in network.named_parameters()
            }
        record["losses"].append(nine_digits(loss.detach()))
        with torch.no_grad():
            for parameter in network.parameters():
                if parameter.grad is not None:
                    parameter -= rate * parameter.grad
    return record


def optimisers(versions):
    """Six steps of each optimiser on six weights, whose gradients come from the hash."""
    adam = {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-8}
    makers = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1), "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, **adam),
        "adamw": lambda p: torch.optim.AdamW(p, weight_decay=0.1, **adam),
    }  # fmt: skip
    record = {"comment": "made by Tests/Goldens/prcnn_goldens.py in float64", "versions": versions}
    for name, maker in makers.items():
        parameters = torch.from_numpy(2 * uniform(50, 6) - 1).requires_grad_()
        optimiser = maker([parameters])
        record[name] = []
        for step in range(6):
            parameters.grad = torch.from_numpy(4 * uniform(51 + step, 6) - 1.5)
            optimiser.step()
            record[name].append(rounded(parameters.detach()))
    path = Path(__file__).parent / "prcnn_optimisers.json"
    path.write_text(json.dumps(record, separators=(",", ":")) + "\n")


def main():
    torch.set_num_threads(1)
    versions = {"torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version()}
    optimisers(versions)
    for name, configuration, labels, kind, seed, cross_rate, triplet_rate in CASES:
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        network = PRCNN(configuration, max(labels) + 1).double()
        on_grid = configuration is FULL
        start = weights(network, seed, on_grid)
        network.load_state_dict(start, strict=False)
        songs = inputs(labels, configuration["frameCount"], configuration["melBandCount"], kind, seed, on_grid)
        with torch.no_grad():
            embeddings, logits = network(songs)
        case = {
            "comment": "made by Tests/Goldens/prcnn_goldens.py in float64", "versions": versions,
            "configuration": configuration, "labels": labels, "input": kind, "seed": seed, "isOnGrid": on_grid,
            "embeddings": rounded(embeddings), "logits": rounded(logits), "losses": {},
        }  # fmt: skip
        for loss in ["cross-entropy", "random", "semi-hard", "custom", "hard"]:
            rate = cross_rate if loss == "cross-entropy" else triplet_rate
            generator = np.random.default_rng(seed)
            case["losses"][loss] = train(network, start, songs, labels, loss, rate, generator)
            print(name, loss, *(f"{value:.5f}" for value in case["losses"][loss]["losses"]))
        path = Path(__file__).parent / f"prcnn_{name}.json"
        path.write_text(json.dumps(case, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
