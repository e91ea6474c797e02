#!/usr/bin/env python3
"""How well several seeds, and sets of songs, are compared: the tables of docs/decisions/playlists.md.

    akin index ../shared/data/emotify ../shared/data/open --library /tmp/l.sqlite
    python3 Scripts/seeds-and-sets.py /tmp/l.sqlite

Reads the packed index of the default model beside the library, as Sources/MusicLibrary/Index/LibraryIndexFile.swift
writes it. Needs NumPy and SciPy.
"""

import glob
import sqlite3
import sys

import numpy as np
from scipy.stats import norm

GENRES = ("classical", "electronic", "pop", "rock")


def load(library):
    """Unit vectors, each song's mean and deviation of its cosines, and (path, artist) of each song."""
    data = np.fromfile(glob.glob(library + "-descriptor-1-*.index")[0], dtype=np.uint8)
    words = data[:64].view("<u8")
    count, dimension, name, content = (int(words[index]) for index in (3, 4, 5, 6))
    assert content == 3, "not the index of a descriptor"
    padded = lambda size: (size + 63) // 64 * 64  # noqa: E731
    scale = 64 + padded(name) + padded(16 * dimension)
    ids = scale + padded(8 * count) + padded(8 * count)
    blocks = (dimension + 15) // 16
    vectors = data[-count * blocks * 64 :].view("<f4").reshape(count, blocks * 16)[:, :dimension].copy()
    statistics = data[scale : scale + 8 * count].view("<f4").reshape(count, 2).astype(float)
    rows = dict(
        (row[0], row[1:]) for row in sqlite3.connect(library).execute("SELECT id, path, artist FROM track"))
    return vectors, statistics, [rows[int(key)] for key in data[ids : ids + 8 * count].view("<i8")]


def similarities(cosines, one, other, average):
    """MutualProximityCorrection.similarity for matrices."""
    unit = average[1] / (1 - average[0])

    def score(cosine):
        first = np.clip((cosine - one[0]) / one[1], -36, 36)
        second = np.clip((cosine - other[0]) / other[1], -36, 36)
        root = 0.5 * (norm.logcdf(first) + norm.logcdf(second))
        tails = norm.sf(first) + norm.sf(second) - norm.sf(first) * norm.sf(second)
        high = norm.isf(np.clip(tails / (1 + np.exp(root)), 1e-300, 1))
        return np.where(root < np.log(0.5), norm.ppf(np.exp(np.clip(root, -700, 0))), high)

    found, identity = score(cosines), score(np.ones_like(cosines))
    ratio, scale = found / identity, unit * identity
    exponent = np.where(scale > 1, np.minimum(4, 1 / (2 * np.log(np.maximum(scale, 1.0001)))), 4)
    high = np.minimum(1, ratio * scale ** (1 - np.clip(ratio, 0, 1) ** exponent))
    low = unit * found
    return np.where(found > 0, high, low / (1 - low))


class Collection:
    def __init__(self, library):
        self.vectors, self.statistics, rows = load(library)
        self.count = len(rows)
        self.artists = np.array([artist or "" for _, artist in rows])
        self.genres = np.array([next((g for g in GENRES if f"/emotify/{g}/" in path), "") for path, _ in rows])
        self.average = self.statistics.mean(0)
        means, deviations = self.statistics.T
        cosines = np.clip(self.vectors @ self.vectors.T, -1, 1)
        self.table = similarities(
            cosines, (means[:, None], deviations[:, None]), (means[None], deviations[None]), self.average)
        np.fill_diagonal(self.table, 1)
        self.generator = np.random.default_rng(1)

    # Several seeds

    def between(self, seeds):
        """The similarity to the vector half-way between the seeds."""
        middle = self.vectors[seeds].sum(0)
        cosines = self.vectors @ (middle / np.linalg.norm(middle))
        others = np.delete(cosines, seeds)
        return similarities(cosines, (others.mean(), others.std()), tuple(self.statistics.T), self.average)

    def seeds(self):
        def soft(sharpness):
            return lambda seeds: np.log(np.exp(sharpness * self.table[seeds]).mean(0)) / sharpness

        ways = {
            "half-way": self.between, "mean": lambda seeds: self.table[seeds].mean(0), "β = 3": soft(3), "β = 5": soft(5),
            "β = 8": soft(8), "maximum": lambda seeds: self.table[seeds].max(0),
        }  # fmt: skip
        print("| seeds | " + " | ".join(ways) + " |")
        print("| --- |" + " ---: |" * len(ways))
        for count in (2, 3, 5):
            for name, draw in (("one artist", self.one), ("several", self.several), ("genre", self.genre)):
                draws = [drawn for drawn in (draw(count) for _ in range(1500)) if drawn]
                means = [np.mean([self.precision(way(s), relevant, out) for s, relevant, out in draws]) for way in ways.values()]
                print(f"| {count}, {name} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")

    def precision(self, scores, relevant, left_out):
        order = np.argsort(-np.where(left_out, -9, scores), kind="stable")[: self.count - left_out.sum()]
        hits = relevant[order]
        return (np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean()

    def drawn(self, seeds, relevant, left_out=None):
        left_out = np.zeros(self.count, bool) if left_out is None else left_out
        left_out[seeds] = True
        return (seeds, relevant & ~left_out, left_out) if (relevant & ~left_out).any() else None

    def one(self, count):
        artist = self.artists[self.generator.integers(self.count)]
        songs = np.where(self.artists == artist)[0]
        if not artist or len(songs) < count + 2:
            return None
        return self.drawn(self.generator.choice(songs, count, replace=False), self.artists == artist)

    def several(self, count):
        names, sizes = np.unique(self.artists, return_counts=True)
        chosen = self.generator.choice(names[(sizes >= 4) & (names != "")], count, replace=False)
        seeds = np.array([self.generator.choice(np.where(self.artists == name)[0]) for name in chosen])
        return self.drawn(seeds, np.isin(self.artists, chosen))

    def genre(self, count):
        genre = GENRES[self.generator.integers(len(GENRES))]
        seeds = self.generator.choice(np.where(self.genres == genre)[0], count, replace=False)
        return self.drawn(seeds, self.genres == genre, np.isin(self.artists, self.artists[seeds]) | (self.genres == ""))

    # Sets of songs

    def sets(self):
        def centroid(one, other):
            first, second = self.vectors[one].mean(0), self.vectors[other].mean(0)
            return first @ second / np.linalg.norm(first) / np.linalg.norm(second)

        def both(reduce, over):
            def compare(one, other):
                table = self.table[np.ix_(one, other)]
                return (over(reduce(table)) + over(reduce(table.T))) / 2

            return compare

        def half(table):
            return np.sort(table, 1)[:, -((table.shape[1] + 1) // 2) :].mean(1)

        ways = {
            "centroid": centroid, "mean": both(lambda table: table.mean(1), np.mean),
            "median": lambda one, other: np.median(self.table[np.ix_(one, other)]),
            "best pairs, mean": both(lambda table: table.max(1), np.mean),
            "best pairs, median": both(lambda table: table.max(1), np.median), "**better half, median**": both(half, np.median),
        }  # fmt: skip
        artists = [name for name in np.unique(self.artists) if name]
        members = {name: np.where(self.artists == name)[0] for name in artists}
        ranks = {False: {way: [] for way in ways}, True: {way: [] for way in ways}}
        for odd in (False, True):
            for _ in range(3):
                sets, questions = [], []
                for name in artists:
                    songs = self.generator.permutation(members[name])
                    half_size = len(songs) // 2 if len(songs) >= 4 else 0
                    if half_size:
                        question = songs[:half_size]
                        if odd:
                            question = np.append(question, self.generator.integers(self.count))
                        questions.append((len(sets), question))
                    sets.append(songs[half_size:])
                for right, question in questions:
                    for name, way in ways.items():
                        scores = np.array([way(question, other) for other in sets])
                        ranks[odd][name].append(1 / (1 + (scores > scores[right]).sum()))
        tagged = [name for name in artists if (self.genres[members[name]] != "").any()]
        genres = np.array([max(GENRES, key=lambda g: (self.genres[members[name]] == g).sum()) for name in tagged])
        sizes = np.array([len(members[name]) for name in tagged])
        print("| | halves | odd | genre | size |\n| --- | ---: | ---: | ---: | ---: |")
        for name, way in ways.items():
            table = np.array([[way(members[one], members[other]) for other in tagged] for one in tagged])
            np.fill_diagonal(table, -9)
            nearest = np.argsort(-table, 1)[:, :5]
            same = (genres[nearest] == genres[:, None]).mean()
            print(
                f"| {name} | {np.mean(ranks[False][name]):.3f} | {np.mean(ranks[True][name]):.3f} | {same:.3f} | "
                f"{sizes[nearest].mean() / sizes.mean():.2f} |")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    collection = Collection(sys.argv[1])
    collection.seeds()
    print()
    collection.sets()
