#!/usr/bin/env python3
"""Measures the default model beside its rivals on artists that it has not seen: evaluate.py AKIN WORK FOLDER…

AKIN is the program, WORK a folder to work in, and each FOLDER a collection as manifest.py reads it. Every song asks for
its artist, and for its genre without its artist's songs, among all others of its collection. What is learned is learned
four times, each time from three quarters of the artists of all collections, and judged by the queries of the others;
or, as "other collections", from the other collections alone. Prints a table in Markdown. Needs numpy, scipy and
scikit-learn.
"""

import csv
import json
import os
import random
import subprocess
import sys

import numpy as np
from manifest import songs as songs_of
from scipy.stats import norm
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

FOLDS = 4
PARTS = [(0, 935), (935, 1095), (1095, 1319), (1319, 1703)]
COLUMNS = ["path", "artist", "album", "genre", "subgenre", "class", "collection"]


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def unit(x):
    return x / np.maximum(1e-12, np.linalg.norm(x, axis=1, keepdims=True))


def standardised(x):
    deviation = x.std(0)
    return (x - x.mean(0)) / np.where(deviation > 1e-9, deviation, 1)


def searched(x):
    """SongDescriptor.searchVector of a collection's descriptors."""
    z = np.clip(standardised(x), -2, 2)
    z[:, :32] *= 1.5
    return np.hstack([unit(z[:, a:b]) * (1 if a == 0 else 0.2) for a, b in PARTS])


def mutual_proximity(s):
    n = len(s)
    own = np.diag(s)
    mean = (s.sum(1) - own) / (n - 1)
    deviation = np.sqrt(np.maximum(1e-12, ((s**2).sum(1) - own**2) / (n - 1) - mean**2))
    z = norm.logcdf((s - mean[:, None]) / deviation[:, None])
    return z + z.T


def cosine(x):
    return unit(x) @ unit(x).T


def moved(x, count=4, weight=0.4):
    """NeighborAugmentation of a collection's search vectors."""
    x = unit(x)
    nearest = mutual_proximity(cosine(x))
    np.fill_diagonal(nearest, -np.inf)
    nearest = np.argsort(-nearest, axis=1)[:, :count]
    return x + weight / count * x[nearest].sum(1)


def neighbourly(x):
    """The similarities of a collection's search vectors, moved."""
    return mutual_proximity(cosine(moved(x)))


class Judge:
    def __init__(self, rows):
        self.artist = np.array([r["artist"] for r in rows])
        self.genre = np.array([r["genre"] for r in rows])

    def measures(self, similarity, queries):
        """For each query: average precision, reciprocal rank and P@1 by artist, average precision by genre."""
        result = np.full((len(queries), 4), np.nan)
        for place, query in enumerate(queries):
            order = np.argsort(-similarity[query], kind="stable")
            order = order[order != query]
            ranks = np.flatnonzero(self.artist[order] == self.artist[query]) + 1
            if len(ranks):
                result[place, :3] = (np.arange(1, len(ranks) + 1) / ranks).mean(), 1 / ranks[0], ranks[0] == 1
            order = order[self.artist[order] != self.artist[query]]
            ranks = np.flatnonzero(self.genre[order] == self.genre[query]) + 1
            if len(ranks) and self.genre[query]:
                result[place, 3] = (np.arange(1, len(ranks) + 1) / ranks).mean()
        return result


def interval(differences, artists, column=0):
    """The 95 % bootstrap interval of a mean difference, artists drawn."""
    generator = np.random.default_rng(1)
    names = sorted(set(artists))
    groups = [differences[artists == name][:, column] for name in names]
    sums = np.array([np.nansum(g) for g in groups])
    counts = np.array([np.isfinite(g).sum() for g in groups])
    draws = generator.integers(0, len(names), (2000, len(names)))
    means = sums[draws].sum(1) / np.maximum(1, counts[draws].sum(1))
    return np.nanmean(differences[:, column]), np.quantile(means, 0.025), np.quantile(means, 0.975)


def artist_folds(rows):
    """The fold of each class, an artist of a collection: the artists of each collection are divided by chance."""
    generator, fold_of = random.Random(1), {}
    for name in dict.fromkeys(row["collection"] for row in rows):
        artists = sorted({row["class"] for row in rows if row["collection"] == name})
        generator.shuffle(artists)
        fold_of.update({artist: place % FOLDS for place, artist in enumerate(artists)})
    return fold_of


def embeddings(akin, model, paths):
    """What a model hears of songs."""
    lines = subprocess.run(
        [akin, "embed", "--model", model, "-"], input="".join(path + "\n" for path in paths), text=True,
        capture_output=True, check=True)
    return np.array([json.loads(line)["embedding"] for line in lines.stdout.splitlines()])


def directions(akin, folder, training):
    """The directions that the descriptor learns from songs; the training is kept in a folder."""
    write(f"{folder}.csv", training)
    command = [akin, "train", f"{folder}.csv", "--model", "descriptor", "--all", "--no-adopt", "-q", "-o", folder]
    subprocess.run(command, check=True, capture_output=True)
    data = open(f"{folder}/model.safetensors", "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    return np.frombuffer(data[start:], "<f4").reshape(-1, PARTS[-1][1])


def main(akin, work, folders):
    os.makedirs(work, exist_ok=True)
    rows = [row for folder in folders for row in songs_of(folder)]
    names = list(dict.fromkeys(r["collection"] for r in rows))
    collection = np.array([r["collection"] for r in rows])
    fold_of = artist_folds(rows)
    fold = np.array([fold_of[r["class"]] for r in rows])

    def musly(name):
        """The distances of musly's method, as `akin experiment` computes them, by the place of a song."""
        own = [dict(r, **{"class": f"half {place % 2}"}) for place, r in enumerate(rows) if r["collection"] == name]
        write(f"{work}/musly-{name}.csv", own)
        command = [akin, "experiment", f"{work}/musly-{name}.csv", "--strategies", "musly", "--repeats", "1", "-q"]
        subprocess.run(command + ["-o", f"{work}/musly-{name}", "--restart"], check=True, capture_output=True)
        return np.load(f"{work}/musly-{name}/vectors/musly.npy")

    mfcc, descriptor = (embeddings(akin, model, [r["path"] for r in rows]) for model in ("mfcc", "descriptor"))
    learned = [directions(akin, f"{work}/fold-{k}", [r for r in rows if fold_of[r["class"]] != k]) for k in range(FOLDS)]
    transferred = {n: directions(akin, f"{work}/without-{n}", [r for r in rows if r["collection"] != n]) for n in names}
    everything = directions(akin, f"{work}/all", rows)

    results = {}
    for name in names:
        own = np.flatnonzero(collection == name)
        judge = Judge([rows[i] for i in own])
        everyone = np.arange(len(own))
        z = searched(descriptor[own])

        def shrunk(d):
            return neighbourly(z - (z @ d.T) @ d)

        def folds(similarity):
            parts = np.full((len(own), 4), np.nan)
            for k in range(FOLDS):
                queries = np.flatnonzero(fold[own] == k)
                parts[queries] = judge.measures(similarity(k), queries)
            return parts

        def lda(k):
            training = [i for i in own if fold[i] != k]
            fitted = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto")
            fitted.fit(standardised(mfcc[own])[fold[own] != k], [rows[i]["class"] for i in training])
            return cosine(fitted.transform(standardised(mfcc[own])))

        chance = np.random.default_rng(1).random((len(own), len(own)))
        distances = musly(name)
        results[name] = {
            "random": judge.measures(chance, everyone),
            "MFCC statistics, raw": judge.measures(cosine(mfcc[own]), everyone),
            "MFCC statistics, standardised": judge.measures(cosine(standardised(mfcc[own])), everyone),
            "LDA on them, folds over artists": folds(lda),
            "musly's method": judge.measures(-distances, everyone),
            "descriptor, untrained, neighbours left alone": judge.measures(mutual_proximity(cosine(z)), everyone),
            "descriptor, untrained": judge.measures(neighbourly(z), everyone),
            "learned from the other collection": judge.measures(shrunk(transferred[name]), everyone),
            "**learned, folds over artists**": folds(lambda k: shrunk(learned[k])),
            "learned from these songs too": judge.measures(shrunk(everything), everyone),
        }

    print("| | " + " | ".join(f"{n}: MAP | MRR | P@1 | genre MAP" for n in names) + " |")
    print("| --- " + "| ---: | ---: | ---: | ---: " * len(names) + "|")
    for method in next(iter(results.values())):
        cells = [f"{v:.3f}" for n in names for v in np.nanmean(results[n][method], 0)]
        print(f"| {method} | " + " | ".join(cells) + " |")
    print("\nDifferences of the learned model, folds over artists, with 95 % bootstrap intervals over artists:\n")
    ours = "**learned, folds over artists**"
    for name in names:
        artists = np.array([r["artist"] for r in rows if r["collection"] == name])
        for rival in ["MFCC statistics, standardised", "musly's method", "descriptor, untrained"]:
            for column, what in [(0, "artist MAP"), (3, "genre MAP")]:
                difference = results[name][ours] - results[name][rival]
                mean, low, high = interval(difference, artists, column)
                print(f"- {name}, {what}, minus {rival}: {mean:+.3f} [{low:+.3f}, {high:+.3f}]")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
