"""Makes tsne.json: the Kullback-Leibler divergences that scikit-learn's t-SNE reaches.

The vectors are not stored: both sides make them from the same integers. Needs Python 3.11, numpy 2.4.6 and
scikit-learn 1.9.1.
Usage: python tsne.py (writes tsne.json beside itself; about a minute)
"""

import json
from pathlib import Path

import numpy as np
from sklearn.manifold import TSNE

CASES = [  # count, dimension, clusters, perplexity, metric, method
    (300, 20, 6, 30, "euclidean", "exact"),
    (300, 20, 6, 5, "euclidean", "exact"),
    (300, 20, 6, 30, "cosine", "exact"),
    (800, 10, 1, 30, "euclidean", "exact"),
    (1000, 30, 12, 50, "cosine", "exact"),
    (2000, 30, 12, 30, "euclidean", "barnes_hut"),
    (2000, 12, 1, 15, "euclidean", "barnes_hut"),
    (1500, 30, 5, 30, "cosine", "barnes_hut"),
]
SEED = 20
MASK = (1 << 64) - 1


def uniform(count, seed):
    """SplitMix64's upper 53 bits, in 0...1."""
    values = []
    for _ in range(count):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        word = seed
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
        values.append(((word ^ (word >> 31)) >> 11) * 2.0**-53)
    return np.array(values)


def clustered(count, dimension, clusters):
    """Cubes of different size around corners; every operation is exact or rounded once, so that Swift agrees."""
    values = uniform((clusters + count) * dimension, SEED).reshape(-1, dimension)
    centres, rest = values[:clusters] * 2, values[clusters:]
    label = np.arange(count) % clusters
    return (centres[label] + rest * (1 + (label % 3)[:, None] * 0.5)).astype(np.float32)


cases = []
for count, dimension, clusters, perplexity, metric, method in CASES:
    # From principal components and without chance, so one run says it all.
    tsne = TSNE(perplexity=perplexity, metric=metric, method=method, init="pca", random_state=0)
    tsne.fit(clustered(count, dimension, clusters))
    divergence = float(tsne.kl_divergence_)
    print(count, dimension, clusters, perplexity, metric, method, divergence, flush=True)
    cases.append(
        {
            "count": count, "dimension": dimension, "clusters": clusters, "perplexity": perplexity, "metric": metric,
            "method": "exact" if method == "exact" else "interpolated",
            "divergence": round(divergence, 5), "seed": SEED,
        }
    )  # fmt: skip
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=1) + "\n")
