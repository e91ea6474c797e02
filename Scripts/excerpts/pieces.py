"""Whole songs as the study of excerpts hears them: their samples, the descriptor of any set of parts, and the parts."""

import pathlib
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/Goldens"))
import descriptors as d  # noqa: E402  (the descriptor's specification in NumPy)

RATE = d.SAMPLE_RATE


def decoded(path):
    """The mean of a file's channels at 22,050 Hz, resampled as Akin does: another filter moves MAP by .02."""
    chain = f"aformat=channel_layouts=mono:sample_fmts=fltp,aresample={RATE}:filter_size=64:cutoff=0.95"
    command = ["ffmpeg", "-v", "error", "-i", path, "-af", chain, "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.float32)


BANK = d.mel_bank(d.MEL_BANDS).T


def decibels(samples):
    """frames × 256, not yet relative to a maximum."""
    padded = np.pad(np.asarray(samples, np.float64), d.FFT_SIZE // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, d.FFT_SIZE)[:: d.HOP][: len(samples) // d.HOP + 1]
    rows = []
    for start in range(0, len(frames), 2000):
        power = np.abs(np.fft.rfft(frames[start : start + 2000] * d.hann(d.FFT_SIZE), axis=1)) ** 2
        rows.append(10 * np.log10(np.maximum(1e-10, power @ BANK)))
    return np.vstack(rows)


def pooled(parts):
    """The descriptor of several parts of a song: statistics over the frames of all of them, blocks within each."""
    return d.descriptor_of_decibels(parts).astype(np.float32)


def starts(duration, count, seconds, margin=0.0):
    """Where `count` excerpts begin in a song, or as many as fit; at least one, which is the middle of the song, or all
    of it. Each lies in the middle of one of as many equal shares of the song, of which the first and the last `margin`
    (a share of the whole) are left out; or, if `margin` is None, begins in the middle of one of as many equal shares
    of all places where it can begin."""
    if duration <= seconds:
        return [0]
    if margin is None:
        count = max(1, min(count, int(duration // seconds) - 1))
        return [(duration - seconds) * (i + 0.5) / count for i in range(count)]
    first, length = duration * margin, duration * (1 - 2 * margin)
    count = int(min(count, length // seconds))
    if count == 0:
        return [(duration - seconds) / 2]
    return [first + length * (i + 0.5) / count - seconds / 2 for i in range(count)]


def cut(samples, start, seconds):
    first = int(round(start * RATE))
    return samples[first : first + int(round(seconds * RATE))]
