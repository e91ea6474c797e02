"""Akin's t-SNE beside openTSNE's: the same vectors, perplexity and cores, in turns.

    python tsne.py --binaries .build/release

prints the table alone; bench.py prints it among the others. Each side does what it does unasked, but for the metric:
Akin finds neighbours exactly and takes up to 1,000 steps, openTSNE finds most of them and takes 750. How good a map is
says its Kullback-Leibler divergence, here computed for both from the exact neighbours and all pairs of coordinates.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

COUNT, CLUSTERS, PERPLEXITY, RUNS = 10_000, 40, 30, 3
DIMENSIONS = (60, 945)  # the network's vectors, the descriptor's timbre


def table(binaries, threads, folder, runs=RUNS, dimensions=DIMENSIONS):
    """Markdown: seconds of the whole of a map, and its divergence."""
    yield f"| a map of {COUNT:,} vectors, s | | median | min | max | Akin is faster by | divergence |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    peer = f"openTSNE {importlib.metadata.version('openTSNE')}"
    for dimension in dimensions:
        vectors = folder / f"map-{dimension}.f32"
        write_clusters(vectors, dimension)
        options = ["--vectors", vectors, "--dimension", dimension, "--threads", threads]
        sides = {
            "Akin": [binaries / "akin-bench", "map", *options],
            peer: [sys.executable, pathlib.Path(__file__).resolve(), *options],
        }
        answers = {name: [] for name in sides}
        for run in range(runs):
            for name in list(sides) if run % 2 == 0 else reversed(list(sides)):
                answers[name].append(answer(sides[name], threads))
        affinities = exact_affinities(vectors, dimension, threads)
        ours = statistics.median(each["seconds"] for each in answers["Akin"])
        for name, runs_of_side in answers.items():
            seconds = [each["seconds"] for each in runs_of_side]
            ratio = "" if name == "Akin" else f"{statistics.median(seconds) / ours:.2f} ×"
            figures = " | ".join(f"{value:.2f}" for value in (statistics.median(seconds), min(seconds), max(seconds)))
            divergence = divergence_of(np.array(runs_of_side[-1]["coordinates"]), affinities)
            yield f"| {dimension} numbers each | {name} | {figures} | {ratio} | {divergence:.3f} |"


def answer(command, threads):
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed ({done.returncode}): {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def write_clusters(path, dimension):
    """Normal clusters of different widths that overlap: neither one cloud nor islands."""
    generator = np.random.default_rng(1)
    label = np.arange(COUNT) % CLUSTERS
    centres = 0.8 * generator.standard_normal((CLUSTERS, dimension))
    widths = generator.uniform(0.5, 1.5, CLUSTERS)[label, None]
    # A few directions hold most of what varies within a cluster, as with songs.
    falling = 1 / np.sqrt(1 + np.arange(dimension) / 8)
    vectors = (centres[label] + widths * generator.standard_normal((COUNT, dimension))) * falling
    vectors.astype(np.float32).tofile(path)


def exact_affinities(vectors, dimension, threads):
    """p of each vector and its 3 × perplexity nearest others, as a sparse matrix."""
    from openTSNE.affinity import PerplexityBasedNN

    values = np.fromfile(vectors, np.float32).reshape(-1, dimension)
    return PerplexityBasedNN(values, perplexity=PERPLEXITY, method="exact", n_jobs=threads).P.tocoo()


def divergence_of(coordinates, affinities):
    """Σ p ln(p / q) with q from all pairs."""
    rows, columns, p = affinities.row, affinities.col, affinities.data
    total = sum(
        (1 / (1 + ((coordinates[start : start + 500, None] - coordinates[None]) ** 2).sum(-1))).sum()
        for start in range(0, len(coordinates), 500)) - len(coordinates)
    q = 1 / (1 + ((coordinates[rows] - coordinates[columns]) ** 2).sum(-1)) / total
    return float((p * np.log(p / q)).sum())


def peer(arguments):
    """One map by openTSNE, as it comes."""
    import openTSNE

    vectors = np.fromfile(arguments.vectors, np.float32).reshape(-1, arguments.dimension)
    start = time.perf_counter()
    embedding = openTSNE.TSNE(perplexity=PERPLEXITY, n_jobs=arguments.threads, random_state=0).fit(vectors)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "coordinates": np.asarray(embedding).tolist()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binaries", type=pathlib.Path, help="the folder of akin-bench")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--vectors", type=pathlib.Path, help="one map of these by openTSNE, as JSON")
    parser.add_argument(
        "--dimension", type=int, help="how many numbers each vector has (default: 60 and 945, a row each)")
    arguments = parser.parse_args()
    if arguments.vectors:
        print(json.dumps(peer(arguments)))
    elif arguments.binaries:
        with tempfile.TemporaryDirectory(prefix="akin-bench-") as folder:
            dimensions = [arguments.dimension] if arguments.dimension else DIMENSIONS
            for line in table(
                arguments.binaries.resolve(), arguments.threads, pathlib.Path(folder), arguments.runs, dimensions):
                print(line, flush=True)
    else:
        parser.error("--binaries is missing")


if __name__ == "__main__":
    main()
