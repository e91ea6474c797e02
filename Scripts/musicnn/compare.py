"""Compares Akin with MusiCNN's own program on the same samples: vectors, and processor time, in alternating rounds.

    python Scripts/musicnn/compare.py AKIN [--rounds N] SONG…

Each song's first 29.9 s become a WAV file of 16 kHz, which both hear: Akin through `akin model import` and `akin embed`,
musicnn through its own front end and TensorFlow graph (check.py), patch by patch, with one thread each. Vectors are the
means over the patches. Exits with status 1 if a number differs by more than 1e-4 of the largest.
"""

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time

import check
import convert
import numpy as np
import onnx

OUTPUTS = ["penultimate_linear", "penultimate", "taggram", "mean_pool", "max_pool"]


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{words[0]} {words[1]}: {done.stderr}")
    return done.stdout


def embedded(akin, library, model, songs):
    """Vectors, and the seconds of processor time that the program took, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = run(akin, "embed", "--jobs", 1, "--model", model, "--library", library, *songs).splitlines()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return np.array([json.loads(line)["embedding"] for line in lines], np.float64), seconds


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("akin")
    arguments.add_argument("--rounds", type=int, default=1)
    arguments.add_argument("songs", nargs="+")
    arguments = arguments.parse_args()
    own = check.OwnProgram()
    with tempfile.TemporaryDirectory() as folder:
        clips = []
        for number, song in enumerate(arguments.songs):
            clips.append(os.path.join(folder, f"{number:03}.wav"))
            run("ffmpeg", "-v", "error", "-nostdin", "-i", song, "-ac", 1, "-ar", 16000, "-t", 29.9, clips[-1])
        network, library = os.path.join(folder, "musicnn.onnx"), os.path.join(folder, "library.sqlite")
        onnx.save(convert.network(convert.packaged_checkpoint()), network)
        models = {
            output: run(
                arguments.akin, "model", "import", network, "--preset", "musicnn", "--output-name", output,
                "--library", library).strip()
            for output in OUTPUTS
        }
        seconds = {"akin": [], "musicnn": []}
        own(check.patches(clips[0])[:1])
        for _ in range(arguments.rounds):
            heard, spent = embedded(arguments.akin, library, models["penultimate"], clips)
            seconds["akin"].append(spent)
            start = time.process_time()
            expected = []
            for clip in clips:
                answers = [own(patch[None]) for patch in check.patches(clip)]
                expected.append({name: np.mean([a[name][0] for a in answers], axis=0) for name in OUTPUTS})
            seconds["musicnn"].append(time.process_time() - start)
        worst = 0.0
        for output in OUTPUTS:
            vectors = heard
            if output != "penultimate":
                vectors, _ = embedded(arguments.akin, library, models[output], clips)
            wanted = np.array([song[output] for song in expected], np.float64)
            difference = np.abs(vectors - wanted).max() / np.abs(wanted).max()
            worst = max(worst, difference) if difference == difference else float("inf")
            print(f"{output:20} {len(clips)} songs, largest difference {difference:.1e} of the largest number")
        akin, musicnn = (np.median(seconds[name]) / len(clips) for name in ("akin", "musicnn"))
        print(f"processor seconds a song: akin {akin:.3f}, musicnn {musicnn:.3f}, ratio {musicnn / akin:.2f}")
        if worst > 1e-4:
            raise SystemExit("they differ")


if __name__ == "__main__":
    main()
