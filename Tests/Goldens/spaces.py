"""Makes spaces.json: what the learning of spaces stands on, as NumPy, SciPy and scikit-learn compute it.

Needs Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1.
Usage: python spaces.py (writes spaces.json beside itself; the same bytes every time)
"""

import json
from pathlib import Path

import numpy as np
from scipy.linalg import sqrtm
from sklearn.linear_model import Ridge


def rounded(values, digits=9):
    return [float(f"{value:.{digits}g}") for value in np.asarray(values, dtype=float).ravel()]


def ridge(generator, height, dimension, count, strength):
    rows = generator.normal(size=(height, dimension)).astype(np.float32).astype(float) + 0.5
    targets = generator.normal(size=(count, height))
    centred = rows - rows.mean(0)
    alpha = strength * (centred**2).sum() / height
    weights = Ridge(alpha=alpha, solver="cholesky").fit(rows, targets.T).coef_
    return {"height": height, "dimension": dimension, "strength": strength, "rows": rounded(rows),
            "targets": [rounded(t) for t in targets], "weights": rounded(weights)}


def principal(generator, height, dimension, count):
    scales = 3.0 ** -np.arange(dimension)
    turn = np.linalg.qr(generator.normal(size=(dimension, dimension)))[0]
    rows = (generator.normal(size=(height, dimension)) * scales) @ turn
    _, values, vectors = np.linalg.svd(rows, full_matrices=False)
    return {"height": height, "dimension": dimension, "count": count, "rows": rounded(rows),
            "values": rounded(values[:count] ** 2), "vectors": rounded(vectors[:count])}


def composed(generator, dimension, first, second):
    def change(count):
        directions = np.linalg.qr(generator.normal(size=(dimension, count)))[0].T
        return directions, generator.uniform(-0.8, 1.5, size=count)

    def matrix(directions, gains):
        return np.eye(dimension) + (directions.T * gains) @ directions

    one, other = change(first), change(second)
    both = matrix(*other) @ matrix(*one)
    root = np.real(sqrtm(both.T @ both))
    return {"dimension": dimension, "first": rounded(one[0]), "firstGains": rounded(one[1]),
            "second": rounded(other[0]), "secondGains": rounded(other[1]), "root": rounded(root)}


def main():
    generator = np.random.default_rng(1)
    content = {
        "ridge": [ridge(generator, 9, 14, 2, 1.0), ridge(generator, 40, 6, 3, 0.3), ridge(generator, 6, 6, 1, 3.0)],
        "principal": [principal(generator, 30, 8, 4), principal(generator, 5, 12, 5)],
        "composed": [composed(generator, 10, 3, 2), composed(generator, 40, 6, 9)],
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(content, sort_keys=True, indent=1) + "\n")


if __name__ == "__main__":
    main()
