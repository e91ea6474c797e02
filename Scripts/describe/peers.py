"""What essentia and librosa say of tempo and key; kept, since it takes long.

    python peers.py FOLDER OUTPUT.json [--clips N]

FOLDER holds truth.csv, or music: N clips of it then, spread evenly over their names, the 30 s around the middle of
each. Needs essentia 2.1b6.dev1389 and librosa 0.11.0 from PyPI."""
import argparse
import csv
import json
import os

import essentia
import essentia.standard as es
import librosa
import numpy as np

essentia.log.infoActive = essentia.log.warningActive = False
NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
FLAT = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#"}


def middle(samples, rate):
    length = 30 * rate
    start = max(0, (len(samples) - length) // 2)
    return samples[start : start + length]


def describe(path):
    sound = middle(es.MonoLoader(filename=path, sampleRate=44100)(), 44100)
    result = {}
    result["essentia RhythmExtractor2013"] = {"tempo": float(es.RhythmExtractor2013(method="multifeature")(sound)[0])}
    result["essentia PercivalBpmEstimator"] = {"tempo": float(es.PercivalBpmEstimator()(sound))}
    for profile in ("bgate", "edma", "krumhansl", "temperley"):
        key, scale, strength = es.KeyExtractor(profileType=profile)(sound)
        result[f"essentia KeyExtractor {profile}"] = {
            "tonic": NAMES.index(FLAT.get(key, key)), "mode": scale, "strength": float(strength)}
    samples = librosa.resample(sound, orig_sr=44100, target_sr=22050)
    result["librosa feature.tempo"] = {"tempo": float(librosa.feature.tempo(y=samples, sr=22050)[0])}
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("output")
    parser.add_argument("--clips", type=int, default=100)
    options = parser.parse_args()
    truth = f"{options.folder}/truth.csv"
    if os.path.exists(truth):
        paths = [row["path"] for row in csv.DictReader(open(truth))]
    else:
        paths = sorted(
            os.path.relpath(os.path.join(at, name), options.folder) for at, _, names in os.walk(options.folder)
            for name in names if name.endswith((".mp3", ".opus", ".flac")))
        paths = [paths[int(k)] for k in np.linspace(0, len(paths) - 1, min(options.clips, len(paths)))]
    found = {}
    for path in paths:
        try:
            found[path] = describe(os.path.join(options.folder, path))
        except RuntimeError as error:
            print(f"{path}: {error}")
    json.dump(found, open(options.output, "w"), indent=1)


main()
