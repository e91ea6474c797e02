#!/usr/bin/env python3
"""Makes the goldens of AudioFeaturesTests with librosa 0.11.0.

    pip install librosa==0.11.0
    python3 features.py                        # the synthetic signals only: the clips' features go
    python3 features.py --clips FOLDER FILE…   # and clips below FOLDER; needs the ffmpeg command

Writes beside itself:
- features.json: what each array is made of, and where it lies in the .npy file of its kind;
- features-logmel.npy: dB from the maximum with a floor 80 dB below, cases one after another, frames × bands;
- features-statistics.npy: 7 × 20 statistics of the MFCC of each case, statistic by statistic;
- features-mfcc.npy: frames × 20 coefficients of one case;
- features-mel-*.npy: filter banks, bands × bins.

The synthetic signals are formulas, written again in Swift (TestSignal.swift). Of clips only features are stored.
"""

import argparse
import json
import pathlib
import subprocess
import warnings

import librosa
import numpy as np
import scipy.stats

FOLDER = pathlib.Path(__file__).resolve().parent
RATES = [8000, 11025, 22050, 24000, 44100, 48000, 96000]
HOPS = [256, 512, 1024]
LENGTHS = [0, 1, 100, 1023, 1024, 1025, 2047, 2048, 2049, 5000]
CLIP_SECONDS = 4


def noise(count):
    state, values = 1, np.empty(count)
    for n in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[n] = (state >> 8) / 2**23 - 1
    return values


def sweep(count, rate):
    """From 20 Hz to 95 % of half the rate."""
    t = np.arange(count) / rate
    low, high, duration = 20.0, 0.475 * rate, max(count, 1) / rate
    return 0.5 * np.sin(2 * np.pi * (low * t + (high - low) * t * t / (2 * duration)))


def signal(name, count, rate):
    n = np.arange(count)
    if name == "silence":
        values = np.zeros(count)
    elif name == "sweep":
        values = sweep(count, rate)
    elif name == "noise":
        values = 0.3 * noise(count)
    elif name == "sweepInNoise":
        values = sweep(count, rate) + 0.01 * noise(count)
    elif name == "clicks":
        period = rate // 7
        values = np.where(n % period == 0, 1.0, 0.0) * np.where((n // period) % 2 == 0, 1.0, -1.0)
    elif name == "silenceThenNoise":
        values = np.where(n < count // 2, 0.0, 0.3 * noise(count))
    elif name == "veryQuiet":
        values = 1e-5 * noise(count)
    elif name == "constant":
        values = np.full(count, 0.25)
    elif name == "square":
        values = np.where((n * 220 // rate) % 2 == 0, 1.0, -1.0)
    elif name == "twoTones":  # the second 70 dB below the first
        t = n / rate
        values = 0.7 * np.sin(2 * np.pi * 440.0 * t) + 0.7 * 10**-3.5 * np.sin(2 * np.pi * 3000.0 * t)
    else:
        raise ValueError(name)
    return values.astype(np.float32)


SIGNALS = [
    "silence", "sweep", "noise", "sweepInNoise", "clicks", "silenceThenNoise", "veryQuiet", "constant", "square",
    "twoTones",
]


def log_mel(samples, rate, fft_size, hop, bands):
    power = librosa.feature.melspectrogram(
        y=samples, sr=rate, n_fft=fft_size, hop_length=hop, n_mels=bands, center=True, pad_mode="constant")
    return librosa.power_to_db(power, ref=np.max, top_db=80).T.astype(np.float32)


def mfcc(samples, rate):
    return librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=20).T


def statistics(coefficients):
    """As FMA's features.py; but a constant coefficient, up to rounding, has skewness and kurtosis 0."""
    x = coefficients.astype(np.float64)
    deviation = x.std(axis=0)
    constant = deviation <= 1e-6 * np.maximum(1, np.abs(x).max(axis=0))
    return np.stack([
        x.mean(axis=0), deviation,
        np.where(constant, 0, scipy.stats.skew(x, axis=0)), np.where(constant, 0, scipy.stats.kurtosis(x, axis=0)),
        np.median(x, axis=0), x.min(axis=0), x.max(axis=0),
    ]).astype(np.float32)


def log_mel_cases():
    for name in SIGNALS:
        yield dict(signal=name, sampleRate=22050, sampleCount=26460, fftSize=2048, hopLength=1024, melBandCount=128)
    for rate in RATES:
        for hop in HOPS:
            yield dict(
                signal="sweepInNoise", sampleRate=rate, sampleCount=rate * 35 // 100, fftSize=2048, hopLength=hop,
                melBandCount=128)
    for length in LENGTHS:
        yield dict(
            signal="noise", sampleRate=22050, sampleCount=length, fftSize=2048, hopLength=1024, melBandCount=128)
    for fft_size, bands in [(256, 20), (512, 40), (1000, 61), (1024, 64), (4096, 128)]:
        yield dict(
            signal="sweepInNoise", sampleRate=22050, sampleCount=11025, fftSize=fft_size, hopLength=512,
            melBandCount=bands)


def statistics_cases():
    for name in SIGNALS:
        yield dict(signal=name, sampleRate=22050, sampleCount=66150)
    for rate in RATES:
        yield dict(signal="sweepInNoise", sampleRate=rate, sampleCount=2 * rate)
    for length in LENGTHS:
        yield dict(signal="noise", sampleRate=22050, sampleCount=length)


def decode(path):
    """The first seconds at the file's own rate, the mean of the channels."""
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels",
         "-of", "json", path], check=True, capture_output=True)
    stream = json.loads(probe.stdout)["streams"][0]
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", "0:a:0", "-f", "f32le", "-c:a", "pcm_f32le", "-"],
        check=True, capture_output=True).stdout
    samples = np.frombuffer(raw, np.float32).reshape(-1, stream["channels"]).astype(np.float64).mean(axis=1)
    rate = int(stream["sample_rate"])
    return samples[: CLIP_SECONDS * rate].astype(np.float32), rate


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", nargs="+", metavar=("FOLDER", "FILE"), default=[])
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # short signals and narrow bands are wanted here

    index, log_mels, all_statistics = dict(logMel=[], statistics=[], clips=[]), [], []
    for case in log_mel_cases():
        samples = signal(case["signal"], case["sampleCount"], case["sampleRate"])
        values = log_mel(samples, case["sampleRate"], case["fftSize"], case["hopLength"], case["melBandCount"])
        index["logMel"].append(case | dict(frameCount=len(values), offset=sum(map(np.size, log_mels))))
        log_mels.append(values)
    for case in statistics_cases():
        samples = signal(case["signal"], case["sampleCount"], case["sampleRate"])
        index["statistics"].append(case | dict(offset=sum(map(np.size, all_statistics))))
        all_statistics.append(statistics(mfcc(samples, case["sampleRate"])))

    if arguments.clips:
        index["clips"] = [clip(arguments.clips[0], file, log_mels, all_statistics) for file in arguments.clips[1:]]

    # One case a line.
    lists = [f'"{kind}": [\n' + ",\n".join(map(json.dumps, cases)) + "\n]" for kind, cases in index.items()]
    (FOLDER / "features.json").write_text("{\n" + ",\n".join(lists) + "\n}\n")
    np.save(FOLDER / "features-logmel.npy", np.concatenate([x.ravel() for x in log_mels]))
    np.save(FOLDER / "features-statistics.npy", np.concatenate([x.ravel() for x in all_statistics]))
    coefficients = mfcc(signal("sweepInNoise", 33075, 22050), 22050)
    np.save(FOLDER / "features-mfcc.npy", np.ascontiguousarray(coefficients))
    for scale in ["slaney", "htk"]:
        bank = librosa.filters.mel(sr=16000, n_fft=512, n_mels=40, fmin=50, fmax=7000, htk=scale == "htk")
        np.save(FOLDER / f"features-mel-{scale}.npy", bank.astype(np.float64))


def clip(folder, file, log_mels, all_statistics):
    """Appends a clip's features, and says what and where they are."""
    samples, rate = decode(pathlib.Path(folder) / file)
    values = log_mel(samples, rate, 2048, 1024, 128)
    entry = dict(
        file=file, sampleRate=rate, sampleCount=len(samples), frameCount=len(values),
        offset=sum(map(np.size, log_mels)), statisticsOffset=sum(map(np.size, all_statistics)))
    log_mels.append(values)
    all_statistics.append(statistics(mfcc(samples, rate)))
    return entry


if __name__ == "__main__":
    main()
