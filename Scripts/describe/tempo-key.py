"""The tables of docs/decisions/describe.md: Akin's tempo and key beside those of essentia and librosa.

    python tempo-key.py FOLDER PEERS.json [--akin LIBRARY.sqlite]

FOLDER holds truth.csv (of pieces.py, or of `akin-bench pieces`), or music without: then everything is compared with
essentia's RhythmExtractor2013 and KeyExtractor. PEERS.json is what peers.py wrote for it. With --akin, what the program
stored in a library is compared instead of the NumPy specification; it measures no key."""
import argparse
import csv
import json
import os
import sqlite3

import librosa
import numpy as np

import measures


def samples(path):
    sound, _ = librosa.load(path, sr=measures.RATE, mono=True)
    start = max(0, (len(sound) - 30 * measures.RATE) // 2)
    return sound[start : start + 30 * measures.RATE]


def near(tempo, truth, factors):
    return tempo is not None and any(abs(tempo - factor * truth) <= 0.04 * factor * truth for factor in factors)


def mirex(found, truth):
    """The weights of MIREX: 1 for the key, 0.5 a fifth away, 0.3 for the relative, 0.2 for the parallel key."""
    if found is None:
        return 0
    (tonic, mode), (true_tonic, true_mode) = found, truth
    step = (tonic - true_tonic) % 12
    if mode == true_mode:
        return {0: 1, 7: 0.5, 5: 0.5}.get(step, 0)
    if step == 0:
        return 0.2
    return 0.3 if step == (9 if true_mode == "major" else 3) else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("peers")
    parser.add_argument("--akin")
    options = parser.parse_args()
    peers = json.load(open(options.peers))
    found = {name: dict(values) for name, values in peers.items()}
    if options.akin:
        rows = sqlite3.connect(options.akin).execute(
            "SELECT path, tempo FROM trackMeasure JOIN track ON track.id = track")
        stored = dict(rows)
    bank = librosa.filters.mel(sr=measures.RATE, n_fft=1024, n_mels=40)
    for path in found:
        file = os.path.join(options.folder, path)
        if options.akin:
            tempo, key = stored.get(os.path.realpath(file)), None
        else:
            sound = samples(file)
            tempo, key = measures.tempo(sound, bank), measures.key(sound)
        tonic, mode = key or (None, None)
        found[path]["Akin"] = {"tempo": tempo, "tonic": tonic, "mode": mode}
    truth_file = f"{options.folder}/truth.csv"
    if os.path.exists(truth_file):
        truth = {row["path"]: (float(row["tempo"]), (int(row["tonic"]), row["mode"]))
                 for row in csv.DictReader(open(truth_file))}
    else:
        truth = {path: (values["essentia RhythmExtractor2013"]["tempo"],
                        (values["essentia KeyExtractor bgate"]["tonic"], values["essentia KeyExtractor bgate"]["mode"]))
                 for path, values in found.items()}
    paths = [path for path in found if path in truth]
    print(f"{len(paths)} songs\n\n| | within 4 % | octaves allowed | none |\n| --- | ---: | ---: | ---: |")
    names = list(found[paths[0]])
    for name in names:
        if "tempo" in found[paths[0]][name]:
            values = [(found[path][name]["tempo"], truth[path][0]) for path in paths]
            one = np.mean([near(value, true, [1]) for value, true in values])
            two = np.mean([near(value, true, [1, 2, 0.5, 3, 1 / 3]) for value, true in values])
            print(f"| {name} | {one:.3f} | {two:.3f} | {sum(value is None for value, _ in values)} |")
    print("\n| | key | MIREX | none |\n| --- | ---: | ---: | ---: |")
    for name in names:
        if "tonic" in found[paths[0]][name]:
            values = [found[path][name] for path in paths]
            keys = [None if value["tonic"] is None else (value["tonic"], value["mode"]) for value in values]
            scores = [mirex(key, truth[path][1]) for key, path in zip(keys, paths)]
            print(f"| {name} | {np.mean([s == 1 for s in scores]):.3f} | {np.mean(scores):.3f} | {keys.count(None)} |")


main()
