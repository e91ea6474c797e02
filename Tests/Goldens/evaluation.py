"""Makes evaluation.json: tests, intervals and hubness as SciPy and scikit-learn compute them.

Needs Python 3.11, numpy 2.4.6, scipy 1.17.1 and scikit-learn 1.9.1.
Usage: python evaluation.py (writes evaluation.json beside itself; the same bytes every time)
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import bootstrap, permutation_test, skew, wilcoxon
from sklearn.neighbors import NearestNeighbors


def float32(array):
    """Rounds to what Swift will read, and goes on in double precision."""
    return np.asarray(array, dtype=np.float32).astype(np.float64)


def mean_difference(x, y):
    return np.mean(x - y)


def paired_tests(random):
    """Few pairs and many; continuous values, and multiples of 1/8 with ties and pairs that do not differ."""
    cases = []
    for count, grid in [(8, None), (10, 8), (30, None), (60, 8), (200, None)]:
        first = random.uniform(0, 1, count)
        second = np.clip(first + random.normal(0.08, 0.2, count), 0, 1)
        if grid:
            first, second = np.round(first * grid) / grid, np.round(second * grid) / grid
        signed_rank = wilcoxon(first, second, method="asymptotic", correction=False, zero_method="wilcox")
        permutation = permutation_test(
            (first, second), mean_difference, permutation_type="samples", n_resamples=20_000, random_state=random)
        cases.append({
            "first": first.tolist(), "second": second.tolist(), "differing": int((first != second).sum()),
            "statistic": signed_rank.statistic, "wilcoxon": signed_rank.pvalue,
            "permutation": permutation.pvalue, "isExact": 2**count <= 20_000,
        })
    return cases


def intervals(random):
    """Measures of queries: many are 1, some near 0."""
    cases = []
    for count, confidence in [(12, 0.9), (80, 0.95)]:
        values = np.minimum(1, random.gamma(1, 0.6, count))
        result = bootstrap(
            (values,), np.mean, confidence_level=confidence, n_resamples=100_000, method="percentile",
            random_state=random, batch=1000)
        cases.append({
            "values": values.tolist(), "confidence": confidence,
            "lower": result.confidence_interval.low, "upper": result.confidence_interval.high,
        })
    return cases


def neighbours(random):
    """The nearest songs of each song by three measures, and what follows from them."""
    count, classes = 40, 4
    labels = random.integers(0, classes, count)
    vectors = float32(random.normal(0, 1, (count, 12)) + 0.5 * random.normal(0, 1, (classes, 12))[labels] + 0.2)
    cases = []
    for measure in ["cosine", "euclidean", "manhattan"]:
        for k in [1, 5]:
            nearest = NearestNeighbors(n_neighbors=k, metric=measure, algorithm="brute").fit(vectors).kneighbors(
                return_distance=False)
            occurrences = np.bincount(nearest.ravel(), minlength=count)
            cases.append({
                "measure": measure, "k": k, "nearest": nearest.tolist(), "skewness": float(skew(occurrences)),
                "largest": int(occurrences.max()), "antiHubShare": float((occurrences == 0).mean()),
            })
    return {"vectors": [[float(f"{x:.9g}") for x in row] for row in vectors], "labels": labels.tolist(),
            "cases": cases}


def main():
    random = np.random.default_rng(7)
    goldens = {"pairedTests": paired_tests(random), "intervals": intervals(random), "neighbours": neighbours(random)}
    text = ",\n".join(f'  "{name}": {json.dumps(value)}' for name, value in goldens.items())
    Path(__file__).with_name("evaluation.json").write_text("{\n" + text + "\n}\n")


main()
