#!/usr/bin/env python3
"""Makes the goldens of the song descriptor in AudioFeaturesTests, with NumPy alone.

    pip install numpy
    python3 descriptors.py

Writes beside itself:
- descriptors.json: which signal each row is made of;
- descriptors.npy: cases × 1703 values;
- descriptors-excerpts.npy: cases of several excerpts of one song × 1703 values.

`descriptor` below is the specification: what the Swift code computes, in the plainest way, in double precision. The
signals are those of features.py, written again here so that librosa is not needed.
"""

import json
import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
SAMPLE_RATE, FFT_SIZE, HOP, MEL_BANDS, DYNAMIC_RANGE = 22050, 2048, 1024, 256, 80
COEFFICIENTS, DIFFERENCES, RIDGE = 32, 5, 1.0


def mel_bank(bands):
    """Slaney's scale and norm: linear to 1 kHz, 27 steps to a factor of 6.4 above."""
    def frequency(mels):
        return np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))
    top = 15 + 27 * np.log(SAMPLE_RATE / 2 / 1000) / np.log(6.4)
    edges = frequency(np.linspace(0, top, bands + 2))
    bins = np.arange(FFT_SIZE // 2 + 1) * SAMPLE_RATE / FFT_SIZE
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rise, fall = (bins - low) / (centre - low), (high - bins) / (high - centre)
    return np.maximum(0, np.minimum(rise, fall)) * 2 / (high - low)


def hann(length):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)


def decibels_of(samples):
    """frames × 256."""
    padded = np.pad(np.asarray(samples, np.float64), FFT_SIZE // 2)
    starts = range(0, len(samples) + 1, HOP)
    frames = np.stack([padded[start:start + FFT_SIZE] for start in starts]) * hann(FFT_SIZE)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    return 10 * np.log10(np.maximum(1e-10, power @ mel_bank(MEL_BANDS).T))


def relative(excerpts):
    """Decibels of excerpts relative to the loudest of them, at most 0 and at least -80."""
    maximum = max(decibels.max() for decibels in excerpts)
    return [np.maximum(decibels - maximum, -DYNAMIC_RANGE) for decibels in excerpts]


def cosine_transform(rows):
    size = rows.shape[1]
    k, n = np.arange(COEFFICIENTS)[:, None], np.arange(size)[None]
    basis = np.sqrt(2 / size) * np.cos(np.pi * k * (2 * n + 1) / (2 * size))
    basis[0] = np.sqrt(1 / size)
    return rows @ basis.T


def series_of(decibels):
    """frames × 42: coefficients, and differences of the first, which do not look beyond the excerpt."""
    coefficients = cosine_transform(decibels)
    padded = np.concatenate([coefficients[:1], coefficients, coefficients[-1:]])
    before, after = padded[:-2, :DIFFERENCES], padded[2:, :DIFFERENCES]
    return np.hstack([coefficients, after - before, after - 2 * coefficients[:, :DIFFERENCES] + before])


def covariance_descriptor(excerpts):
    """Means of 32 coefficients, then the matrix logarithm's upper triangle, row by row, off the diagonal times √2."""
    series = np.vstack([series_of(decibels) for decibels in excerpts])
    centred = series - series.mean(axis=0)
    eigenvalues, vectors = np.linalg.eigh(centred.T @ centred / len(series) + RIDGE * np.eye(series.shape[1]))
    logarithm = (vectors * np.log(eigenvalues)) @ vectors.T
    row, column = np.triu_indices(len(logarithm))
    return series[:, :COEFFICIENTS].mean(axis=0), logarithm[row, column] * np.where(row == column, 1, np.sqrt(2))


def bands(decibels, count):
    return decibels.reshape(len(decibels), count, -1).mean(axis=2)


def blocks(rows, length, hop):
    """blocks × bands × length; rows shorter than one block are repeated."""
    if len(rows) < length:
        rows = np.resize(rows, (length, rows.shape[1]))
    return np.stack([rows[start:start + length].T for start in range(0, len(rows) - length + 1, hop)])


def sorted_pattern(excerpts, length, hop, kept):
    """The 0.9 quantile over all blocks of each band's values sorted within the block, of which the last are kept."""
    all_blocks = np.concatenate([blocks(rows, length, hop) for rows in excerpts])
    return np.quantile(np.sort(all_blocks, axis=2)[:, :, length - kept:], 0.9, axis=0).ravel()


def spectral_pattern(excerpts):
    return sorted_pattern([bands(decibels, 32) for decibels in excerpts], length=5, hop=2, kept=5)


def rises(rows):
    return np.maximum(0, np.diff(rows, axis=0)) if len(rows) > 1 else np.zeros_like(rows)


def delta_spectral_pattern(excerpts):
    return sorted_pattern([rises(bands(decibels, 32)) for decibels in excerpts], length=12, hop=3, kept=7)


def fluctuation_pattern(excerpts, length=256, hop=64, count=24):
    parts = np.concatenate([blocks(bands(decibels, 16), length, hop) for decibels in excerpts])
    parts = parts - parts.mean(axis=2, keepdims=True)
    magnitudes = np.abs(np.fft.rfft(parts * hann(length), axis=2))
    edges = np.geomspace(0.4, 10, count + 1) * length * HOP / SAMPLE_RATE
    bin = np.arange(magnitudes.shape[2])[:, None]
    overlap = np.clip(np.minimum(bin + 0.5, edges[1:]) - np.maximum(bin - 0.5, edges[:-1]), 0, None)
    return np.log1p(magnitudes @ (overlap / overlap.sum(axis=0))).mean(axis=0).ravel()


def descriptor_of_decibels(excerpts):
    excerpts = relative(excerpts)
    return np.concatenate([
        *covariance_descriptor(excerpts), spectral_pattern(excerpts), delta_spectral_pattern(excerpts),
        fluctuation_pattern(excerpts)])


def descriptor(*excerpts):
    return descriptor_of_decibels([decibels_of(samples) for samples in excerpts])


def noise(count):
    state, values = 1, np.empty(count)
    for n in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[n] = (state >> 8) / 2**23 - 1
    return values


def sweep(count):
    t = np.arange(count) / SAMPLE_RATE
    low, high, duration = 20.0, 0.475 * SAMPLE_RATE, max(count, 1) / SAMPLE_RATE
    return 0.5 * np.sin(2 * np.pi * (low * t + (high - low) * t * t / (2 * duration)))


def signal(name, count):
    n = np.arange(count)
    if name == "silence":
        values = np.zeros(count)
    elif name == "noise":
        values = 0.3 * noise(count)
    elif name == "sweepInNoise":
        values = sweep(count) + 0.01 * noise(count)
    elif name == "clicks":
        period = SAMPLE_RATE // 7
        values = np.where(n % period == 0, 1.0, 0.0) * np.where((n // period) % 2 == 0, 1.0, -1.0)
    elif name == "silenceThenNoise":
        values = np.where(n < count // 2, 0.0, 0.3 * noise(count))
    elif name == "twoTones":
        t = n / SAMPLE_RATE
        values = 0.7 * np.sin(2 * np.pi * 440.0 * t) + 0.7 * 10**-3.5 * np.sin(2 * np.pi * 3000.0 * t)
    else:
        raise ValueError(name)
    return values.astype(np.float32)


CASES = [
    ("silence", 30000), ("noise", 0), ("noise", 1), ("noise", 1500), ("noise", 3000), ("noise", 10000),
    ("noise", 400000), ("sweepInNoise", 66150), ("sweepInNoise", 400000), ("clicks", 300000),
    ("silenceThenNoise", 350000), ("twoTones", 100000),
]

# As `SongDescriptorGoldenTests` has them: excerpts of one song, the loudest not always first, some shorter than a block.
EXCERPT_CASES = [
    [("sweepInNoise", 400000)],
    [("sweepInNoise", 200000), ("twoTones", 330750), ("noise", 300000)],
    [("clicks", 300000), ("silenceThenNoise", 350000), ("noise", 3000), ("silence", 30000)],
    [("noise", 1500), ("noise", 66150)],
]


def main():
    lines = [json.dumps(dict(signal=name, sampleCount=count)) for name, count in CASES]
    (FOLDER / "descriptors.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    rows = [descriptor(signal(name, count)) for name, count in CASES]
    np.save(FOLDER / "descriptors.npy", np.stack(rows).astype(np.float32))
    rows = [descriptor(*(signal(*excerpt) for excerpt in case)) for case in EXCERPT_CASES]
    np.save(FOLDER / "descriptors-excerpts.npy", np.stack(rows).astype(np.float32))


if __name__ == "__main__":
    main()
