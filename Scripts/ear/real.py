#!/usr/bin/env python3
"""Measures what real listeners' judgements teach: real.py AKIN WORK MUSIC

Emotify's listeners gave each song emotions; their profiles are the mean votes. Answers to questions of chance come from the
profiles of three quarters of the songs, triplets (a gap of 0.6 in the cosine of profiles) from the last quarter, four
times. Done for all listeners, and for some of them by age, gender (as the file has it) and mother tongue. What is learned is
measured whether it would be adopted or not. In NumPy, as replica.py does it. Prints a table in Markdown.
"""

import os
import sys

import numpy as np
from listeners import agreement, emotions, profile_triplets, rows
from replica import NONE, SOME, Features, Model, vectors

# Found through listeners.py.
from evaluate import cosine, moved, mutual_proximity

COUNTS = [100, 300, 1000]


def main(akin, work, music):
    os.makedirs(work, exist_ok=True)
    folder = os.path.join(music, "emotify")
    paths = [row["path"] for row in rows(folder, "labels.csv")]
    ages = sorted(float(row["age"]) for row in rows(folder, "annotations.csv"))
    middle = ages[len(ages) // 2]
    groups = {
        "all": lambda row: True,
        f"under {middle:.0f}": lambda row: float(row["age"]) < middle,
        f"{middle:.0f} and over": lambda row: float(row["age"]) >= middle,
        "gender 0": lambda row: row["gender"] == "0", "gender 1": lambda row: row["gender"] == "1",
        "English": lambda row: row["mother_tongue"] == "English",
        "other tongues": lambda row: row["mother_tongue"] != "English"}
    x = vectors(akin, work, music, "emotify")
    features, quarter = Features(x), np.random.default_rng(2).permutation(len(x)) % 4

    def similarity(y):
        return mutual_proximity(cosine(moved(y)))

    standing, table = similarity(x), {}
    for name, chosen in groups.items():
        likeness = emotions(folder, paths, chosen)
        for fold in range(4):
            asked, songs = profile_triplets(likeness, np.flatnonzero(quarter == fold)), np.flatnonzero(quarter != fold)
            table.setdefault("as it comes", {}).setdefault(name, []).append(agreement(standing, asked))
            generator, answers = np.random.default_rng(fold), []
            for count in COUNTS:
                while len(answers) < count:
                    trio = generator.choice(songs, 3, replace=False)
                    a, b, c = trio
                    odd = int(np.argmax([likeness[b, c], likeness[a, c], likeness[a, b]]))
                    answers.append([trio[odd], *[i for i in trio if i != trio[odd]]])
                learned = features.changed(Model(features, features.choices(answers), [NONE] + SOME).weights())
                table.setdefault(f"{count} answers", {}).setdefault(name, []).append(agreement(similarity(learned), asked))
        print(name, {way: np.mean(cells[name]) for way, cells in table.items()}, file=sys.stderr, flush=True)
    print("| | " + " | ".join(groups) + " |\n| --- |" + " ---: |" * len(groups))
    for way, cells in table.items():
        print(f"| {way} | " + " | ".join(f"{np.mean(cells[name]):.3f}" for name in groups) + " |")


if __name__ == "__main__":
    main(*sys.argv[1:4])
