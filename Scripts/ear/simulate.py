#!/usr/bin/env python3
"""Measures what `akin ear` learns from simulated listeners: simulate.py AKIN WORK FOLDER [LISTENER…]

AKIN is the program, WORK a folder to work in, FOLDER a collection with labels.csv (emotify or open). A quarter of the
songs is never asked about; agreement is the share of triplets of these songs of which the program says as the listener
does that a is nearer to b than to c (`akin similar`). Answers are given to `akin ear ask`, whose questions teach most,
and to `akin ear ask --random`. Beside it: the Mahalanobis distance of Polochon-street/bliss-metric-learning's learn.py
(probit likelihood, sigma 2, L2 penalty chosen by five folds, L-BFGS from the identity) from the random answers, on
bliss's number of features, 20: the leading principal components of the same vectors. Prints a table in Markdown, and
writes WORK/curve.json. Needs numpy and scipy.
"""

import json
import os
import shutil
import sys

import numpy as np
from library import Library
from listeners import COUNTS, agreement, embeddings, report, simulated, triplets
from mahalanobis import mahalanobis



def components(akin, files):
    x = embeddings(akin, "akin", files)
    x = (x - x.mean(0)) / np.maximum(x.std(0), 1e-9)
    u, s, _ = np.linalg.svd(x - x.mean(0), full_matrices=False)
    return u[:, :20] * s[:20] / s[:20].std() / np.sqrt(20)


def main(akin, work, folder, *chosen):
    os.makedirs(work)
    labels, listeners = simulated(akin, folder)
    unasked = np.flatnonzero(np.random.default_rng(2).permutation(len(labels)) % 4 == 0)
    blank = Library(akin, os.path.join(work, "blank.sqlite"), folder, labels)
    blank.run("index", folder, "-q")
    # So many of them ask, which is enough.
    firsts = unasked[:64]
    standing = blank.similarity(firsts)
    x = components(akin, blank.files)
    curves = {}
    for name, (likeness, noise) in listeners.items():
        if chosen and name not in chosen:
            continue
        asked = triplets(likeness, unasked, firsts)
        curve = {0: [agreement(standing, asked)] * 3}
        for column, options in enumerate([["--random"], []]):
            library = Library(akin, os.path.join(work, "asked.sqlite"), folder, labels)
            shutil.copy(blank.path, library.path)
            answers, before = [], 0
            for count in COUNTS:
                more, lesson = library.ask(likeness, noise, count - before, options, count, unasked)
                answers, before = answers + more, count
                reached = agreement(library.similarity(firsts), asked) if lesson["adopted"] else curve[0][0]
                curve.setdefault(count, [0, 0, 0])[column] = reached
                if column == 0:
                    L = mahalanobis(x, answers)
                    y = x @ L
                    curve[count][2] = agreement(-np.linalg.norm(y[:, None] - y[None], axis=2), asked)
                print(name, options, count, f"{reached:.3f}", json.dumps(lesson), file=sys.stderr, flush=True)
        curves[name] = curve
        curve[0][2] = agreement(-np.linalg.norm(x[:, None] - x[None], axis=2), asked)
    report(curves, work)


if __name__ == "__main__":
    main(*sys.argv[1:])
