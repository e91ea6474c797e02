"""Makes controls.json: LDA, Gaussian models and mutual proximity as established programs compute them.

Needs Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1; a C++ compiler, Eigen 3.4
(libeigen3-dev) and the source of musly (github.com/dominikschnitzer/musly, commit 7a0c6a9, in the folder MUSLY).
Usage: MUSLY=folder python controls.py (writes controls.json beside itself; the same bytes every time)
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy.stats import norm
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics.pairwise import manhattan_distances

# Reads songs of frames, writes musly's Jensen-Shannon distances, and then what its mutual proximity makes of them.
MUSLY_DRIVER = """
#include <cmath>
#include <cstdio>
#include <vector>
#include "minilog.h"
#include "method.h"
#include "gaussianstatistics.h"
#include "mutualproximity.h"

// What only musly's own cache of tracks asks for, which is not used.
musly_track* musly::method::track_alloc() { return nullptr; }
int musly::method::track_getsize() { return 0; }

int main() {
  int songs, frames, dimension;
  if (scanf("%d %d %d", &songs, &frames, &dimension) != 3) return 1;
  musly::gaussian_statistics statistics(dimension);
  int elements = statistics.get_covarelems();
  std::vector<std::vector<float>> storage;
  std::vector<gaussian> models;
  auto model = [&]() {
    for (int size : {dimension, elements, elements, 1}) storage.emplace_back(size);
    auto last = storage.end();
    return gaussian{(last - 4)->data(), (last - 3)->data(), (last - 2)->data(), (last - 1)->data()};
  };
  storage.reserve(4 * songs + 4);
  for (int song = 0; song < songs; song++) {
    Eigen::MatrixXf matrix(dimension, frames);
    for (int frame = 0; frame < frames; frame++)
      for (int row = 0; row < dimension; row++)
        if (scanf("%f", &matrix(row, frame)) != 1) return 1;
    models.push_back(model());
    if (!statistics.estimate_gaussian(matrix, models.back())) return 2;
  }
  auto scratch = model();
  musly::mutualproximity proximity(nullptr);
  proximity.append_normfacts(songs);
  std::vector<Eigen::VectorXf> rows(songs, Eigen::VectorXf(songs));
  for (int i = 0; i < songs; i++) {
    for (int j = 0; j < songs; j++) rows[i][j] = statistics.jensenshannon(models[i], models[j], scratch);
    proximity.set_normfacts(i, rows[i]);
  }
  std::vector<int> positions(songs);
  for (int i = 0; i < songs; i++) positions[i] = i;
  for (int i = 0; i < songs; i++)
    for (int j = 0; j < songs; j++) printf("%.9g\\n", rows[i][j]);
  for (int i = 0; i < songs; i++) {
    proximity.normalize(i, positions.data(), songs, rows[i].data());
    for (int j = 0; j < songs; j++) printf("%.9g\\n", rows[i][j]);
  }
}
"""


def float32(array):
    """Rounds to what Swift will read, and goes on in double precision."""
    return np.asarray(array, dtype=np.float32).astype(np.float64)


def rows(array):
    return [[float(f"{x:.9g}") for x in row] for row in array]


def discriminants(random):
    """Fewer dimensions than songs, and more."""
    cases = []
    for count, dimension, classes in [(40, 6, 4), (24, 30, 4)]:
        labels = np.concatenate([np.arange(classes), random.integers(0, classes, count - classes)])
        mixing = random.normal(0, 1, (dimension, dimension)) * np.geomspace(1, 30, dimension)
        vectors = float32(random.normal(0, 1, (count, dimension)) @ mixing
                          + 2 * random.normal(0, 1, (classes, dimension))[labels] @ mixing + 5)
        for shrinkage in [None, 0.3, "auto"]:
            model = LinearDiscriminantAnalysis(solver="svd" if shrinkage is None else "eigen", shrinkage=shrinkage)
            model.fit(vectors, labels)
            kept = min(model.scalings_.shape[1], classes - 1)
            cases.append({
                "vectors": rows(vectors), "labels": (labels * 3 - 4).tolist(), "isAutomatic": shrinkage == "auto",
                "amount": None if shrinkage == "auto" else shrinkage,
                "axes": [[float(f"{x:.12g}") for x in axis] for axis in model.scalings_[:, :kept].T],
            })
            # The transform of a shrunk model is not centred by scikit-learn.
            expected = (vectors - vectors.mean(0)) @ model.scalings_[:, :kept]
            transformed = model.transform(vectors)
            assert np.allclose(transformed - transformed.mean(0), expected, atol=1e-9)
    return cases


def musly(songs):
    """Runs the methods of musly itself, in single precision."""
    source = Path(os.environ["MUSLY"])
    with tempfile.TemporaryDirectory() as folder:
        program, driver = Path(folder, "driver"), Path(folder, "driver.cpp")
        driver.write_text(MUSLY_DRIVER)
        library = [source / "libmusly" / name for name in ["gaussianstatistics.cpp", "mutualproximity.cpp"]]
        subprocess.run(
            ["g++", "-O1", "-w", "-I/usr/include/eigen3", f"-I{source}/include", f"-I{source}/libmusly", driver,
             *library, "-o", program], check=True)
        numbers = f"{len(songs)} {songs[0].shape[0]} {songs[0].shape[1]}\n"
        numbers += "\n".join(f"{x:.9g}" for song in songs for x in song.ravel())
        output = subprocess.run([program], input=numbers, capture_output=True, text=True, check=True).stdout.split()
    count = len(songs)
    return np.array(output, float).reshape(2, count, count)


def gaussians(random):
    """Songs of correlated frames, one of them silent."""
    frame_count, dimension, song_count = 24, 4, 7
    songs = [float32(random.normal(0, 1, (frame_count, dimension)) @ random.normal(0, 2, (dimension, dimension))
                     + random.normal(0, 3, dimension)) for _ in range(song_count)]
    songs.append(float32(np.full((frame_count, dimension), 1.5)))
    jensen_shannon, proximity = musly(songs)
    covariances = [np.cov(song.T) + 1e-4 * np.eye(dimension) for song in songs]
    return {
        "frames": [rows(song) for song in songs], "logDeterminants": [np.linalg.slogdet(c)[1] for c in covariances],
        "jensenShannon": rows(jensen_shannon), "mutualProximity": rows(proximity),
    }


def proximities(random):
    """Mutual proximity in a small collection, by its formula."""
    values = float32(random.normal(0, 1, (12, 4)))
    distances = manhattan_distances(values)
    distances = (distances + distances.T) / 2
    others = ~np.eye(len(values), dtype=bool)
    mean = np.array([row[keep].mean() for row, keep in zip(distances, others)])
    deviation = np.array([row[keep].std(ddof=1) for row, keep in zip(distances, others)])
    beyond = norm.sf(distances, mean[:, None], deviation[:, None])
    proximity = np.where(others, 1 - beyond * norm.sf(distances, mean[None], deviation[None]), 0)
    return {"vectors": rows(values), "manhattan": rows(distances), "mutualProximity": rows(proximity)}


def main():
    random = np.random.default_rng(9)
    goldens = {
        "discriminants": discriminants(random), "gaussians": gaussians(random), "proximities": proximities(random),
    }
    lines = []
    for name, value in goldens.items():
        text = json.dumps(value) if isinstance(value, dict) else "[\n" + ",\n".join(
            f"    {json.dumps(case)}" for case in value) + "\n  ]"
        lines.append(f'  "{name}": {text}')
    Path(__file__).with_name("controls.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
