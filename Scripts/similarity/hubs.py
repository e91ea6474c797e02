#!/usr/bin/env python3
"""Compares ways to take hubs out in a large library: hubs.py LIBRARY [QUERIES]

LIBRARY is one that Benchmarks/collection.py made, whose packed file (LIBRARY-descriptor-….index) `akin status --quality`
has left beside it. Some songs ask; of the thousand with the largest cosine, the ten nearest by each way are the answer.
Prints, in Markdown: the skewness that the 10-occurrence would have if all songs asked (see Hubness.estimatedSkewness), the
share of songs in no list, how many of ten of the artist's songs are found, and the share of the song's genre. Needs numpy
and scipy.
"""

import glob
import sqlite3
import sys

import numpy as np
from scipy.special import log_ndtr

DIMENSION, STRIDE, SAMPLE, SMALL = 1703, 1712, 3000, 500


def ways(cosines):
    """Functions of cosines, the asking song, and the candidates; from each song's cosines to a sample."""
    ordered = np.sort(np.nan_to_num(cosines, nan=-1), axis=1)
    small = np.sort(np.nan_to_num(cosines[:, :SMALL], nan=-1), axis=1)
    top = ordered[:, -SAMPLE // 100 :].mean(1)
    mean, deviation = np.nanmean(cosines, 1), np.nanstd(cosines, 1)
    first, spread = np.nanmean(cosines[:, :SMALL], 1), np.nanstd(cosines[:, :SMALL], 1)

    def proximity(mean, deviation):
        def score(c, song, others):
            tails = [np.exp(log_ndtr(-(c - mean[i]) / deviation[i])) for i in (song, others)]
            return -np.log(sum(tails))

        return score

    yield "the cosine", lambda c, song, others: c
    yield f"**mutual proximity, {SMALL} songs**", proximity(first, spread)
    yield f"mutual proximity, {SAMPLE} songs", proximity(mean, deviation)
    yield "its deviation from the mean of the largest 5 of 100", proximity(
        first, (small[:, -SMALL // 20 :].mean(1) - first) / 2.06)
    yield f"the same, 1 of 100 among {SAMPLE}", proximity(mean, (top - mean) / 2.665)
    yield "the sum of standard scores", lambda c, i, o: (c - first[i]) / spread[i] + (c - first[o]) / spread[o]
    yield "2c - hx - hy (CSLS), h the mean of the largest 1 of 100", lambda c, i, o: 2 * c - top[i] - top[o]
    yield "(c - 1) / √((1 - hx)(1 - hy))", lambda c, i, o: (c - 1) / np.sqrt((1 - top[i]) * (1 - top[o]))


def estimated_skewness(counts, queries):
    def moment(order):
        def falling(value):
            return np.prod([value - k for k in range(order)], axis=0)

        return falling(counts.astype(float)).mean() * falling(len(counts)) / falling(queries)

    mean, second, third = moment(1), moment(2), moment(3)
    square, cube = second + mean, third + 3 * second + mean
    return (cube - 3 * mean * square + 2 * mean**3) / (square - mean**2) ** 1.5


def main(library, queries=2000):
    rows = sqlite3.connect(f"file:{library}?mode=ro", uri=True).execute("SELECT artist, genre FROM track ORDER BY id")
    artist, genre = (np.unique(names, return_inverse=True)[1] for names in zip(*rows.fetchall(), strict=True))
    count = len(artist)
    # The values are the end of the file, each song's filled with zeros to a multiple of 16.
    packed = np.memmap(glob.glob(library + "-descriptor-*.index")[0], dtype="<f4", mode="r")[-count * STRIDE :]
    x = np.ascontiguousarray(packed.reshape(count, STRIDE)[:, :DIMENSION])
    generator = np.random.default_rng(1)
    asking = np.sort(generator.choice(count, queries, replace=False))
    sample = np.sort(generator.choice(count, SAMPLE, replace=False))
    cosines = x @ x[generator.permutation(sample)].T
    cosines[cosines > 0.999] = np.nan
    compared = dict(ways(cosines))
    found = {name: [] for name in compared}
    for start in range(0, queries, 250):
        some = asking[start : start + 250]
        for song, row in zip(some, x[some] @ x.T, strict=True):
            row[song] = -1
            others = np.argpartition(-row, 1000)[:1000]
            for name, way in compared.items():
                found[name].append(others[np.argsort(-way(row[others].astype(float), song, others))[:10]])
    sizes = np.bincount(artist)
    print("| | skewness | in nobody's list | of the artist's ten | of the genre |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, lists in found.items():
        lists = np.array(lists)
        counts = np.bincount(lists.ravel(), minlength=count)
        possible = np.minimum(10, sizes[artist[asking]] - 1)
        own = (artist[lists] == artist[asking][:, None]).sum(1)[possible > 0] / possible[possible > 0]
        same = (genre[lists] == genre[asking][:, None]).mean()
        print(f"| {name} | {estimated_skewness(counts, queries):.2f} | {100 * (counts == 0).mean():.1f} % "
              f"| {own.mean():.3f} | {same:.3f} |")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
