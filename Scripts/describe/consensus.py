"""Tempo on real clips, whose truth nobody knows: how often Akin and essentia's RhythmExtractor2013 agree with what two
others agree on, essentia's PercivalBpmEstimator and librosa's feature.tempo. Neither of the two that are compared has a
say in what counts as true.

    python consensus.py LIBRARY.sqlite FOLDER PEERS.json [FOLDER PEERS.json …]

LIBRARY holds the songs of the folders as `akin index` measured them; PEERS.json is what peers.py wrote for a folder."""
import argparse
import json
import os
import sqlite3


def near(tempo, truth, factors):
    return tempo is not None and any(abs(tempo - factor * truth) <= 0.04 * factor * truth for factor in factors)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args()
    rows = sqlite3.connect(options.library).execute(
        "SELECT path, tempo FROM trackMeasure JOIN track ON track.id = track")
    stored = dict(rows)
    print("| clips | agreed on | | within 4 % | half or double | 3, 1/3 | another | none |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for folder, peers in zip(options.folders[::2], options.folders[1::2]):
        found = json.load(open(peers))
        agreed = {}
        for path, values in found.items():
            one = values["essentia PercivalBpmEstimator"]["tempo"]
            other = values["librosa feature.tempo"]["tempo"]
            if near(one, other, [1]):
                agreed[path] = (one + other) / 2
        for name in ("essentia RhythmExtractor2013", "Akin"):
            counts = [0] * 5
            for path, truth in agreed.items():
                tempo = (stored.get(os.path.realpath(os.path.join(folder, path))) if name == "Akin"
                         else found[path][name]["tempo"])
                kinds = [near(tempo, truth, [1]), near(tempo, truth, [0.5, 2]), near(tempo, truth, [3, 1 / 3]),
                         tempo is not None, True]
                counts[kinds.index(True)] += 1
            shares = " | ".join(f"{count / len(agreed):.3f}" for count in counts)
            print(f"| {os.path.basename(folder)}: {len(found)} | {len(agreed)} | {name} | {shares} |")


main()
