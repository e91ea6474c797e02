"""Listeners that are simulated: for each a matrix of how alike songs are to them, and the share of random answers."""

import csv
import json
import os
import random
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "default-model"))
from evaluate import embeddings  # noqa: E402

COUNTS = [10, 30, 50, 100, 200]

EMOTIONS = ["amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power", "joyful_activation", "tension",
            "sadness"]
TIMBRE, RHYTHM = slice(0, 935), slice(1319, 1703)


def rows(folder, name):
    with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cosines(x):
    x = x / np.maximum(1e-12, np.linalg.norm(x, axis=1, keepdims=True))
    return x @ x.T


def emotions(folder, paths, chosen=lambda row: True):
    """Cosines of the songs' mean votes, standardised by emotion, of the listeners that are chosen."""
    votes = {path: [] for path in paths}
    for row in rows(folder, "annotations.csv"):
        if chosen(row):
            votes[row["path"]].append([float(row[name]) for name in EMOTIONS])
    x = np.array([np.mean(votes[path], axis=0) if votes[path] else np.zeros(len(EMOTIONS)) for path in paths])
    return cosines((x - x.mean(0)) / x.std(0))


def descriptors(akin, paths):
    x = embeddings(akin, "descriptor", paths)
    return np.clip((x - x.mean(0)) / np.maximum(x.std(0), 1e-9), -2, 2)


def ranked(likeness):
    """The share of all pairs that are less alike."""
    upper = np.triu_indices(len(likeness), 1)
    ranks = np.zeros_like(likeness)
    ranks[upper] = np.argsort(np.argsort(likeness[upper])) / len(upper[0])
    return ranks + ranks.T


def simulated(akin, folder):
    """Name: (how alike songs are, the share of random answers)."""
    labels = rows(folder, "labels.csv")
    artist = np.array([row["artist"] for row in labels])
    is_emotify = os.path.basename(os.path.normpath(folder)) == "emotify"
    genre = np.array([row["collection" if is_emotify else "genre"] for row in labels])
    sound = descriptors(akin, [os.path.join(folder, row["path"]) for row in labels])
    same_artist = (artist[:, None] == artist).astype(float)
    same_genre = (genre[:, None] == genre).astype(float)
    timbre, rhythm = ranked(cosines(sound[:, TIMBRE])), ranked(cosines(sound[:, RHYTHM]))
    mixed = same_genre + timbre + 0.5 * rhythm
    listeners = {
        "artist": (same_artist + 0.2 * same_genre, 0), "genre": (same_genre, 0),
        "timbre": (timbre, 0), "rhythm": (rhythm, 0)}
    if is_emotify:
        listeners["emotions"] = emotions(folder, [row["path"] for row in labels]), 0
    listeners |= {"mixed": (mixed, 0), "10 % random": (mixed, 0.1), "30 % random": (mixed, 0.3)}
    return labels, listeners


def triplets(likeness, songs, firsts, gap=0.5, count=10000, seed=1):
    """Triplets of `songs`, the first of `firsts`, that is nearer to the second than to the third, by `gap` standard
    deviations."""
    generator = np.random.default_rng(seed)
    gap *= likeness[np.ix_(songs, songs)][np.triu_indices(len(songs), 1)].std()
    drawn = songs[generator.integers(0, len(songs), (40 * count, 3))]
    drawn[:, 0] = firsts[generator.integers(0, len(firsts), len(drawn))]
    a, b, c = drawn.T
    kept = (a != b) & (a != c) & (b != c) & (likeness[a, b] - likeness[a, c] > gap)
    return drawn[kept][:count]


def profile_triplets(likeness, songs, gap=0.6, count=20000):
    """Triplets of `songs` whose profiles put the first nearer to the second than to the third, by more than `gap`."""
    generator, found = random.Random(1), []
    while len(found) < count:
        a, b, c = generator.sample(list(songs), 3)
        if likeness[a, b] - likeness[a, c] > gap:
            found.append((a, b, c))
    return np.array(found)


def agreement(similarity, asked):
    a, b, c = asked.T
    return float(np.mean(similarity[a, b] > similarity[a, c]))


def report(curves, work):
    """Keeps each listener's agreement by the number of answers, and prints it as a table."""
    with open(os.path.join(work, "curve.json"), "w", encoding="utf-8") as file:
        json.dump(curves, file)
    counts = next(iter(curves.values()))
    print("| listener | answers | " + " | ".join(map(str, counts)) + " |\n| --- | --- |" + " ---: |" * len(counts))
    for name, curve in curves.items():
        for column, what in enumerate(["of chance", "**chosen**", "Mahalanobis, of chance"]):
            cells = " | ".join(f"{curve[count][column]:.3f}" for count in curve)
            print(f"| {'' if column else name} | {what} | {cells} |")
