#!/usr/bin/env python3
"""Does what simulate.py does in NumPy, in less time: replica.py AKIN WORK MUSIC COLLECTION

The mathematics is that of `akin ear` (PairFeatures, ConditionalLogit, EarModel, EarCheck, EarQuestions), and the model is
the descriptor as it was learned from the other collection alone, joined with the network in the box. Questions are drawn
among three songs by three artists; chosen ones are the most telling of 40. `emotify` and `open` are the collections. Prints
a table in Markdown, and writes WORK/curve.json. Needs numpy, scipy and scikit-learn.
"""

import os
import sys

import numpy as np
from listeners import COUNTS, agreement, report, simulated, triplets
from mahalanobis import mahalanobis
from scipy.stats import norm

# Found through listeners.py.
from evaluate import cosine, directions, embeddings, moved, mutual_proximity, searched, standardised, unit
from manifest import songs as songs_of

DIRECTIONS, FLOOR = 16, 0.03
ASPECTS = [(0, 935), (935, 1319), (1319, 1703), (1703, 2000)]
NONE = (0.01, 0.01)
SOME = [(0.1, 0.01), (0.3, 0.03), (1, 0.01), (0.3, 0.1), (1, 0.1), (1, 0.3), (1, 1)]
DECISIVENESS = [0.15, 0.5, 1.5, 4]
CERTAINTY = 0.8


def vectors(akin, work, music, name):
    """Search vectors, before neighbours and hubs."""
    other = {"emotify": "open", "open": "emotify"}[name]
    d = directions(akin, f"{work}/without-{name}", list(songs_of(os.path.join(music, other))))
    raw = embeddings(akin, "akin", [row["path"] for row in songs_of(os.path.join(music, name))])
    z = searched(raw[:, :1703])
    return unit(np.hstack([unit(z - (z @ d.T) @ d), unit(standardised(raw[:, 1703:])) * 0.5]))


class Features:
    """PairFeatures."""

    def __init__(self, x):
        self.x = x
        generator = np.random.default_rng(0)
        i, j = generator.integers(0, len(x), (2, 4000))
        i, j = i[i != j], j[i != j]
        products = [np.einsum("ij,ij->i", x[i, a:b], x[j, a:b]) for a, b in ASPECTS]
        self.deviations, self.whole = np.array([p.std() for p in products]), sum(products).std()
        self.directions = np.linalg.svd(x - x.mean(0), full_matrices=False)[2][:DIRECTIONS].T
        self.along = x @ self.directions
        self.pairs = np.triu_indices(DIRECTIONS)

    def values(self, a, b):
        parts = [np.einsum("ij,ij->i", self.x[a, s:e], self.x[b, s:e]) for s, e in ASPECTS]
        row, column = self.pairs
        one, other = self.along[a], self.along[b]
        products = one[:, row] * other[:, column]
        mixed = row != column
        products[:, mixed] = (products + one[:, column] * other[:, row])[:, mixed] / np.sqrt(2)
        return np.hstack([np.stack(parts, 1) / self.deviations, products / self.whole])

    def choices(self, answers):
        odd, one, other = np.asarray(answers).T
        return np.stack([self.values(one, other), self.values(odd, other), self.values(odd, one)], 1)

    def prior(self, decisiveness, freedom):
        mean = np.zeros(len(ASPECTS) + len(self.pairs[0]))
        mean[:len(ASPECTS)] = decisiveness * self.deviations / self.whole
        deviation = np.full(len(mean), freedom[1] * decisiveness)
        deviation[:len(ASPECTS)] = freedom[0] * decisiveness
        return mean, deviation

    def changed(self, weights):
        scale, form = np.ones(self.x.shape[1]), np.zeros((DIRECTIONS, DIRECTIONS))
        standing = self.deviations / self.whole
        for (a, b), weight in zip(ASPECTS, np.maximum(weights[:len(ASPECTS)] / standing, FLOOR)):
            scale[a:b] = weight**0.5
        values = weights[len(ASPECTS):].copy()
        values[self.pairs[0] != self.pairs[1]] /= np.sqrt(2)
        form[self.pairs] = values
        form += form.T - np.diag(np.diag(form))
        basis, r = np.linalg.qr(self.directions / scale[:, None])
        gains, turned = np.linalg.eigh(r @ form @ r.T)
        u, x = basis @ turned, self.x * scale
        return unit(x + (x @ u) * (np.sqrt(np.maximum(1 + gains, FLOOR)) - 1) @ u.T)


def probabilities(scores):
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def fit(f, mean, deviation):
    """ConditionalLogit: weights, precision in units of the prior, evidence."""
    f, offset, v = f * deviation, f @ mean, np.zeros(len(mean))
    for _ in range(30):
        p = probabilities(offset + f @ v)
        centre = np.einsum("nc,ncd->nd", p, f)
        rows = ((f - centre[:, None]) * np.sqrt(p)[:, :, None]).reshape(-1, len(v))
        precision = rows.T @ rows + np.eye(len(v))
        step = np.linalg.solve(precision, (f[:, 0] - centre).sum(0) - v)
        v = v + step
        if np.abs(step).max() < 1e-4:
            break
    value = np.log(np.maximum(probabilities(offset + f @ v)[:, 0], 1e-300)).sum() - v @ v / 2
    return mean + deviation * v, precision, value - np.linalg.slogdet(precision)[1] / 2


class Model:
    """EarModel."""

    def __init__(self, features, f, freedoms):
        self.parts, evidence = [], []
        for freedom in freedoms:
            for decisiveness in DECISIVENESS:
                weights, _, value = fit(f, *features.prior(decisiveness, freedom))
                self.parts.append((decisiveness, weights))
                evidence.append(value - (0 if freedom == NONE else np.log(len(SOME))))
        shares = np.exp(np.array(evidence) - max(evidence))
        self.shares = shares / shares.sum()

    def weights(self):
        return sum(share * weights / decisiveness for share, (decisiveness, weights) in zip(self.shares, self.parts))

    def log_probability(self, f):
        return np.log(np.maximum(1e-300, sum(s * probabilities(f @ w)[:, 0] for s, (_, w) in zip(self.shares, self.parts))))


def certainty(features, f, generator):
    """EarCheck, but for the share of answers that are foretold."""
    order, gains = generator.permutation(len(f)), np.zeros(len(f))
    for fold in range(5):
        asked, others = order[np.arange(len(f)) % 5 == fold], order[np.arange(len(f)) % 5 != fold]
        learned = Model(features, f[others], [NONE] + SOME).log_probability(f[asked])
        gains[asked] = learned - Model(features, f[others], [NONE]).log_probability(f[asked])
    return norm.cdf(gains.sum() / max(1e-9, np.sqrt(((gains - gains.mean()) ** 2).sum())))


def telling(features, f, posterior, generator):
    """EarQuestions."""
    weights, precision, deviation = posterior
    drawn = weights[:, None] + deviation[:, None] * np.linalg.solve(
        np.linalg.cholesky(precision).T, generator.standard_normal((len(weights), 48)))
    p = np.stack([probabilities(f @ w) for w in drawn.T], 2)
    mean = p.mean(2)
    return int(np.argmax(-(mean * np.log(mean + 1e-12)).sum(1) + (p * np.log(p + 1e-12)).sum(1).mean(1)))


def main(akin, work, music, name):
    os.makedirs(work, exist_ok=True)
    labels, listeners = simulated(akin, os.path.join(music, name))
    x, artists = vectors(akin, work, music, name), [row["artist"] for row in labels]
    features = Features(x)
    quarter = np.random.default_rng(2).permutation(len(x)) % 4 == 0
    unasked, songs = np.flatnonzero(quarter), np.flatnonzero(~quarter)

    def similarity(y):
        return mutual_proximity(cosine(moved(y)))

    u, s, _ = np.linalg.svd(x - x.mean(0), full_matrices=False)
    components = u[:, :20] * s[:20] / s[:20].std() / np.sqrt(20)

    def distances(y):
        return -np.linalg.norm(y[:, None] - y[None], axis=2)

    standing, curves = similarity(x), {}
    for who, (likeness, noise) in listeners.items():
        asked = triplets(likeness, unasked, unasked)
        curve = {0: [agreement(standing, asked)] * 2 + [agreement(distances(components), asked)]}
        for column in (0, 1):
            generator, answers, posterior = np.random.default_rng(5), [], None
            while len(answers) < COUNTS[-1]:
                trios = []
                while len(trios) < (40 if column else 1):
                    trio = generator.choice(songs, 3, replace=False)
                    if len({artists[i] for i in trio}) == 3:
                        trios.append(trio)
                trio = trios[0] if not posterior else trios[telling(features, features.choices(trios), posterior, generator)]
                a, b, c = trio
                pairs = [likeness[b, c], likeness[a, c], likeness[a, b]]
                odd = int(np.argmax(pairs))
                if generator.random() < noise:
                    odd = int(generator.integers(3))
                elif sorted(pairs)[1] == pairs[odd]:
                    continue  # Who hears no difference skips the question.
                answers.append([trio[odd], *[i for i in trio if i != trio[odd]]])
                if column and (len(answers) < 5 or len(answers) % 5 == 0):
                    prior = features.prior(2, (1, 0.1))
                    posterior = (*fit(features.choices(answers), *prior)[:2], prior[1])
                if len(answers) not in COUNTS:
                    continue
                f = features.choices(answers)
                sure = certainty(features, f, generator)
                learned = agreement(similarity(features.changed(Model(features, f, [NONE] + SOME).weights())), asked)
                cells = curve.setdefault(len(answers), [0, 0, 0])
                cells[column] = learned if sure >= CERTAINTY else curve[0][0]
                if column == 0:
                    cells[2] = agreement(distances(components @ mahalanobis(components, answers)), asked)
                print(who, column, len(answers), f"{learned:.3f} {sure:.2f}", file=sys.stderr, flush=True)
        curves[who] = curve
    report(curves, work)


if __name__ == "__main__":
    main(*sys.argv[1:5])
