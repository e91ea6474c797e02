"""Compares what a network hears through a preset with what librosa makes of the sound: front_ends.py AKIN PRESET FOLDER.

The network answers the mean over a patch's frames of what it hears, so that a song's vector is the mean over patches."""

import json
import pathlib
import subprocess
import sys

import librosa
import numpy as np
import soundfile
from onnx import TensorProto, helper, save

RATES = {"clap": 48000}
PATCHES = {"musicnn": (187, 187), "vggish": (96, 96), "discogs-effnet": (128, 62), "maest": (1876, 1875), "clap": (1001, 1000)}
LAYOUTS = {"maest": "bctm", "clap": "bctm"}


def musicnn(samples):
    return librosa.feature.melspectrogram(y=samples, sr=16000, n_fft=512, hop_length=256, n_mels=96).T


def vggish(samples):
    """As mel_features.py of AudioSet's VGGish has it: magnitudes, HTK mels, triangles that are straight over mels."""
    frames = librosa.util.frame(samples, frame_length=400, hop_length=160).T
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    magnitudes = np.abs(np.fft.rfft(frames * window, 512))
    mel = lambda hertz: 1127 * np.log(1 + hertz / 700)
    edges = np.linspace(mel(125), mel(7500), 66)
    bins = mel(np.linspace(0, 8000, 257))
    bank = np.stack([
        np.maximum(0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)))
        for low, centre, high in zip(edges, edges[1:], edges[2:])
    ])
    bank[:, 0] = 0
    return np.log(magnitudes @ bank.T + 0.01)


def clap(samples):
    power = librosa.feature.melspectrogram(
        y=samples, sr=48000, n_fft=1024, hop_length=480, n_mels=64, fmin=50, fmax=14000, pad_mode="reflect").T
    return librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=None)


FRONT_ENDS = {
    "musicnn": lambda y: np.log10(10000 * musicnn(y).astype(np.float16).astype(np.float32) + 1),
    "vggish": vggish,
    "discogs-effnet": lambda y: np.log10(10000 * musicnn(y) + 1),
    "maest": lambda y: (np.log10(10000 * musicnn(y) + 1) - 2.06755686098554) / (2 * 1.268292820667291),
    "clap": clap,
}


def listener(layout, frames, bands):
    """A network that answers the mean of each band over a patch's frames."""
    sizes = {"b": "batch", "c": 1, "t": frames, "m": bands}
    node = helper.make_node("ReduceMean", ["mel"], ["mean"], axes=[layout.index("t")], keepdims=0)
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    rest = [sizes[axis] for axis in layout if axis != "t"]
    graph = helper.make_graph([node], "mean", [value("mel", [sizes[axis] for axis in layout])], [value("mean", rest)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def main(akin, preset, folder):
    folder = pathlib.Path(folder)
    rate = RATES.get(preset, 16000)
    rng = np.random.default_rng(3)
    time = np.arange(30 * rate) / rate
    sound = 0.2 * np.sin(2 * np.pi * (200 + 3000 * time / 30) * time) * (1 + np.sin(4 * time)) / 2
    sound = (sound + 0.02 * rng.standard_normal(len(time)) * (time > 15)).astype(np.float32)
    soundfile.write(folder / "song.wav", sound, rate, subtype="FLOAT")
    mels = FRONT_ENDS[preset](sound)
    (length, hop), layout = PATCHES[preset], LAYOUTS.get(preset, "btm")
    save(listener(layout, length, mels.shape[1]), str(folder / "mean.onnx"))
    said = lambda *words: subprocess.run(
        [akin, *words, "--library", str(folder / "l.sqlite")], check=True, capture_output=True, text=True).stdout
    name = said("model", "import", str(folder / "mean.onnx"), "--preset", preset, "--output-name", "mean").strip()
    found = np.array(json.loads(said("embed", "--model", name, str(folder / "song.wav")))["embedding"])
    starts = range(0, len(mels) - length + 1, hop)
    expected = np.mean([mels[start:start + length].mean(axis=0) for start in starts], axis=0)
    difference = np.abs(found - expected).max()
    print(f"{preset}: {len(starts)} patches of {len(mels)} frames, largest difference {difference:.1e}")
    assert difference < (1e-3 if preset == "clap" else 1e-4), difference


main(*sys.argv[1:])
