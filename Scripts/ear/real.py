#!/usr/bin/env python3
"""Measures how well each way of learning meets real listeners: real.py AKIN WORK EMOTIFY [ANSWERS…]

EMOTIFY holds the clips with labels.csv and annotations.csv. Listeners' profiles of a song are their mean votes for nine
emotions; triplets of songs in which a is nearer to b than to c by more than 0.6 in the cosine of profiles are asked. Four
times, a quarter of the songs is never asked about, and triplets of these songs are judged by `akin similar`. Answers (100 and
300, if nothing else is said) come from the profiles, to questions of chance about the other songs. Done for all
listeners, and for some of them by age, gender and mother tongue. Prints tables in Markdown. Needs numpy.
"""

import json
import os
import random
import shutil
import sys

import numpy as np
from library import Library
from listeners import agreement, emotions, rows

MODELS = ["mfcc", "descriptor", "descriptor-learned", "character"]


def triplets(likeness, songs, count=20000):
    generator, found = random.Random(1), []
    while len(found) < count:
        a, b, c = generator.sample(list(songs), 3)
        if likeness[a, b] - likeness[a, c] > 0.6:
            found.append((a, b, c))
    return np.array(found)


def main(akin, work, folder, *counts):
    counts = [int(count) for count in counts] or [100, 300]
    os.makedirs(work, exist_ok=True)
    labels = rows(folder, "labels.csv")
    paths = [row["path"] for row in labels]
    ages = sorted(float(row["age"]) for row in rows(folder, "annotations.csv") if row["age"])
    middle = ages[len(ages) // 2]
    groups = {
        "all": lambda row: True,
        f"younger than {middle:.0f}": lambda row: row["age"] and float(row["age"]) < middle,
        f"{middle:.0f} and older": lambda row: row["age"] and float(row["age"]) >= middle,
        "gender 0": lambda row: row["gender"] == "0", "gender 1": lambda row: row["gender"] == "1",
        "English": lambda row: row["mother_tongue"] == "English",
        "other tongues": lambda row: row["mother_tongue"] != "English",
    }
    order = np.random.default_rng(2).permutation(len(labels)) % 4
    everyone = np.arange(len(labels))
    standing = Library(akin, os.path.join(work, "standing.sqlite"), folder, labels)
    standing.run("index", folder, "-q")
    similarities = {"akin, as it comes": standing.similarity(everyone)}
    for model in MODELS:
        other = Library(akin, os.path.join(work, f"{model}.sqlite"), folder, labels)
        other.run("index", folder, "-q", "--model", model)
        similarities[model] = other.similarity(everyone)
    taught = Library(akin, os.path.join(work, "taught.sqlite"), folder, labels)
    shutil.copy(standing.path, taught.path)
    print("akin learn:", json.loads(taught.run("learn", "--json"))["adopted"], file=sys.stderr, flush=True)
    similarities["akin learn (tags)"] = taught.similarity(everyone)

    table = {}
    for name, chosen in groups.items():
        likeness = emotions(folder, paths, chosen)
        for fold in range(4):
            asked = triplets(likeness, np.flatnonzero(order == fold))
            for way, similarity in similarities.items():
                table.setdefault(way, {}).setdefault(name, []).append(agreement(similarity, asked))
            for way, library in [("akin ear", standing), ("akin learn and ear", taught)]:
                if way != "akin ear" and name != "all":
                    continue
                own = Library(akin, os.path.join(work, "asked.sqlite"), folder, labels)
                shutil.copy(library.path, own.path)
                before = 0
                for count in counts:
                    _, lesson = own.ask(likeness, 0, count - before, ["--random"], count, np.flatnonzero(order == fold))
                    before = count
                    reached = agreement(own.similarity(np.flatnonzero(order == fold)), asked)
                    table.setdefault(f"{way}, {count} answers", {}).setdefault(name, []).append(reached)
                    print(name, fold, way, count, f"{reached:.3f}", json.dumps(lesson), file=sys.stderr, flush=True)
    print("| | " + " | ".join(groups) + " |\n| --- |" + " ---: |" * len(groups))
    for way, cells in table.items():
        print(f"| {way} | " + " | ".join(f"{np.mean(cells[name]):.3f}" if name in cells else "" for name in groups) + " |")


if __name__ == "__main__":
    main(*sys.argv[1:])
