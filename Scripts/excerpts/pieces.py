"""Whole songs as the study of excerpts hears them: their samples, the descriptor of any set of parts, and the parts."""

import pathlib
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/Goldens"))
import descriptors as d  # noqa: E402  (the descriptor's specification in NumPy)

RATE = d.SAMPLE_RATE


def decoded(path):
    """The mean of a file's channels at 22,050 Hz."""
    command = ["ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.float32)


BANK = d.mel_bank(d.MEL_BANDS).T
BASIS = d.cosine_transform(np.eye(d.MEL_BANDS))


def decibels(samples):
    """frames × 256, not yet relative to a maximum."""
    padded = np.pad(np.asarray(samples, np.float64), d.FFT_SIZE // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, d.FFT_SIZE)[:: d.HOP][: len(samples) // d.HOP + 1]
    rows = []
    for start in range(0, len(frames), 2000):
        power = np.abs(np.fft.rfft(frames[start : start + 2000] * d.hann(d.FFT_SIZE), axis=1)) ** 2
        rows.append(10 * np.log10(np.maximum(1e-10, power @ BANK)))
    return np.vstack(rows)


def relative(parts):
    """Decibels of parts relative to the loudest of them."""
    top = max(p.max() for p in parts)
    return [np.maximum(p - top, -d.DYNAMIC_RANGE) for p in parts]


def pooled(parts):
    """The descriptor of several parts of a song: statistics over the frames of all of them, blocks within each."""
    parts = relative(parts)
    series, coefficients = [], []
    for part in parts:
        c = part @ BASIS
        padded = np.concatenate([c[:1], c, c[-1:]])
        before, after = padded[:-2, : d.DIFFERENCES], padded[2:, : d.DIFFERENCES]
        series.append(np.hstack([c, after - before, after - 2 * c[:, : d.DIFFERENCES] + before]))
        coefficients.append(c)
    series, coefficients = np.vstack(series), np.vstack(coefficients)
    centred = series - series.mean(axis=0)
    eigenvalues, vectors = np.linalg.eigh(centred.T @ centred / len(series) + d.RIDGE * np.eye(series.shape[1]))
    logarithm = (vectors * np.log(eigenvalues)) @ vectors.T
    row, column = np.triu_indices(len(logarithm))
    covariance = logarithm[row, column] * np.where(row == column, 1, np.sqrt(2))

    def sorted_pattern(all_rows, length, hop, kept):
        b = np.concatenate([np.sort(d.blocks(rows, length, hop), axis=2)[:, :, length - kept :] for rows in all_rows])
        return np.quantile(b, 0.9, axis=0).ravel()

    bands = [d.bands(part, 32) for part in parts]
    rises = [np.maximum(0, np.diff(b, axis=0)) if len(b) > 1 else np.zeros_like(b) for b in bands]
    counts = [len(d.blocks(d.bands(part, 16), 256, 64)) for part in parts]
    fluctuation = np.average([d.fluctuation_pattern(part) for part in parts], axis=0, weights=counts)
    return np.concatenate([
        coefficients.mean(axis=0), covariance, sorted_pattern(bands, 5, 2, 5), sorted_pattern(rises, 12, 3, 7),
        fluctuation,
    ]).astype(np.float32)


def starts(duration, count, seconds, margin=0.0):
    """Where `count` excerpts begin in a song: each in the middle of one of as many equal shares of the song, of which
    the first and the last `margin` (a share of the whole) are left out. As many as fit; at least one, which is the
    middle of the song, or all of it."""
    first, length = duration * margin, duration * (1 - 2 * margin)
    if length < seconds:
        first, length = max(0, (duration - seconds) / 2), min(duration, seconds)
    count = max(1, min(count, int(length // seconds)))
    seconds = min(seconds, length)
    return [first + length * (i + 0.5) / count - seconds / 2 for i in range(count)]


def cut(samples, start, seconds):
    first = int(round(start * RATE))
    return samples[first : first + int(round(seconds * RATE))]
