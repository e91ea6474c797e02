#!/usr/bin/env python3
"""Compares ways to make similarities of the cosines of descriptors: tried.py AKIN FOLDER…

Each FOLDER is a collection as Scripts/default-model/manifest.py reads it. Prints, in Markdown, MAP by artist / MAP by
genre without the artist's songs / the skewness of how often a song is among the ten nearest. The search is that of
Scripts/default-model/evaluate.py, in NumPy; neighbours are chosen by mutual proximity. Needs numpy, scipy and
scikit-learn.
"""

import json
import os
import subprocess
import sys

import numpy as np
from scipy.stats import norm

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "default-model"))
from evaluate import Judge, cosine, moved, searched  # noqa: E402
from manifest import songs as songs_of  # noqa: E402


def score(c, mean, deviation):
    """The standard score of mutual proximity, precise in both tails."""
    log = norm.logcdf((c - mean) / deviation)
    log = (log + log.T) / 2
    return np.where(log < np.log(0.5), norm.ppf(np.exp(log)), -norm.ppf(-np.expm1(log)))


def ways(c):
    n = len(c)
    others = c[~np.eye(n, dtype=bool)].reshape(n, n - 1)
    mean, deviation = others.mean(1)[:, None], others.std(1)[:, None]
    z, most = score(c, mean, deviation), score(np.ones_like(c), mean, deviation)
    unit = deviation.mean() / (1 - mean.mean())
    ratio, scale = np.maximum(z, 0) / most, unit * most

    def positive(similarity):
        return np.where(z > 0, similarity, unit * z)

    yield "cosine of the moved vectors", c
    yield "mutual proximity", z
    for t in range(4):
        h = mean + t * deviation
        yield f"1 - (1 - c) / √((1 - hx)(1 - hy)), t = {t}", 1 - (1 - c) / np.sqrt((1 - h) * (1 - h.T))
    h = mean + 2 * deviation
    h = (h + h.T) / 2
    yield "(c - h) / (1 - h), h = (hx + hy) / 2, t = 2 (as CSLS)", (c - h) / (1 - h)
    for p in [2, 4]:
        yield f"A r / (1 + (A - 1) rᵖ), p = {p}", positive(scale * ratio / (1 + (scale - 1) * ratio**p))
    for p in [2, 4]:
        exponent = np.where(scale > 1, np.minimum(p, 0.5 / np.log(np.maximum(scale, 1 + 1e-9))), p)
        yield f"r A^(1 - rᵖ), p = {p}, at most ½ / log A", positive(ratio * scale ** (1 - ratio**exponent))


def skewness(similarity):
    similarity = similarity.copy()
    np.fill_diagonal(similarity, -np.inf)
    counts = np.bincount(np.argsort(-similarity, axis=1)[:, :10].ravel(), minlength=len(similarity))
    return (((counts - counts.mean()) / counts.std()) ** 3).mean()


def main(akin, folders):
    table = {}
    for folder in folders:
        rows = list(songs_of(folder))
        lines = subprocess.run(
            [akin, "embed", "--model", "descriptor", "-"], input="".join(row["path"] + "\n" for row in rows),
            text=True, capture_output=True, check=True).stdout
        vectors = searched(np.array([json.loads(line)["embedding"] for line in lines.splitlines()]))
        judge = Judge(rows)
        for way, similarity in ways(cosine(moved(vectors))):
            artist, _, _, genre = np.nanmean(judge.measures(similarity, np.arange(len(rows))), 0)
            cell = f"{artist:.3f} / {genre:.3f} / ".replace("0.", ".") + f"{skewness(similarity):.2f}"
            table.setdefault(way, []).append(cell)
    print("| | " + " | ".join(os.path.basename(os.path.abspath(folder)) for folder in folders) + " |")
    print("| --- " * (1 + len(folders)) + "|")
    for way, cells in table.items():
        print(f"| {way} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
