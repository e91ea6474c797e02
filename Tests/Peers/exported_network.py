"""Trains a small network, exports it, and compares the vectors of `akin embed` with ONNX Runtime's of the same log-mels:
exported_network.py AKIN FOLDER."""

import json
import pathlib
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import soundfile


def main(akin, folder):
    folder = pathlib.Path(folder)

    def said(*words):
        done = subprocess.run([akin, *map(str, words)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    rng = np.random.default_rng(1)
    rows = ["path,class"]
    for number in range(40):
        kind = number % 4
        time = np.arange(16 * 22050) / 22050
        sound = 0.3 * np.sin(2 * np.pi * 220 * (1 + kind) * time) * (1 + np.sin((3 + kind) * time)) / 2
        soundfile.write(folder / f"{number}.wav", sound + 0.01 * rng.standard_normal(len(time)), 22050)
        rows.append(f"{number}.wav,{kind}")
    (folder / "songs.csv").write_text("\n".join(rows) + "\n")
    said("train", folder / "songs.csv", "-o", folder / "training", "--no-adopt", "--strategy", "cross-entropy",
         "--pretrain-epochs", 2)
    model = folder / "training/model.safetensors"
    said("model", "export", model, "--onnx", folder / "prcnn.onnx")
    onnx.checker.check_model(onnx.load(folder / "prcnn.onnx"), full_check=True)
    session = onnxruntime.InferenceSession(str(folder / "prcnn.onnx"))
    properties = session.get_modelmeta().custom_metadata_map
    hop = json.loads(properties["akin.log_mels"])["hopLength"]
    frames = session.get_inputs()[0].shape[1]
    worst = 0.0
    for number in range(8):
        # The very numbers that a network hears.
        said("features", folder / f"{number}.wav", "--hop-length", hop, "--frames", frames, "-o", folder / "mels.npy",
             "--force")
        mels = np.load(folder / "mels.npy").astype(np.float32)
        mels = mels if mels.shape == (frames, 128) else mels.T
        found = session.run(None, {"log_mels": mels[None]})[0][0]
        expected = json.loads(said("embed", "--model", model, folder / f"{number}.wav"))["embedding"]
        worst = max(worst, float(np.abs(found - np.array(expected)).max()))
    print(f"largest difference {worst:.1e}")
    assert worst < 1e-5, worst


main(*sys.argv[1:])
