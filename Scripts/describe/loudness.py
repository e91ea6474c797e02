"""Akin's loudness and brightness beside FFmpeg's ebur128 filter and librosa's spectral centroid.

    python loudness.py LIBRARY.sqlite [--clips N]

LIBRARY holds songs of at most 30 s that `akin index` measured; N of them are compared, spread evenly. Needs ffmpeg,
librosa and NumPy."""
import argparse
import re
import sqlite3
import subprocess

import librosa
import numpy as np


def ebur128(path, filters):
    run = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", filters, "-f", "null", "-"], capture_output=True,
        text=True)
    found = re.findall(r"I:\s+(-?[\d.]+) LUFS", run.stderr)
    return float(found[-1]) if found else float("nan")


def channels(path):
    run = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=channels", "-of", "csv=p=0", path],
        capture_output=True, text=True)
    return int(run.stdout.strip().strip(",") or 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("--clips", type=int, default=60)
    options = parser.parse_args()
    rows = sqlite3.connect(options.library).execute(
        "SELECT path, loudness, brightness FROM trackMeasure JOIN track ON track.id = track WHERE duration < 31 "
        "AND loudness IS NOT NULL ORDER BY path").fetchall()
    rows = [rows[int(k)] for k in np.linspace(0, len(rows) - 1, min(options.clips, len(rows)))]
    mono, stereo, centroid = [], [], []
    for path, loudness, brightness in rows:
        # FFmpeg's own mix to one channel is 3 dB louder; and one channel counts as two only if it is asked to.
        mix = "pan=mono|c0=0.5*c0+0.5*c1," if channels(path) == 2 else ""
        mono.append(loudness - ebur128(path, mix + "ebur128=dualmono=true"))
        if mix:
            stereo.append(loudness - ebur128(path, "ebur128"))
        sound, _ = librosa.load(path, sr=22050, mono=True)
        frames = librosa.feature.spectral_centroid(y=sound, sr=22050, n_fft=1024, hop_length=512, center=False)[0]
        strength = np.abs(librosa.stft(sound, n_fft=1024, hop_length=512, center=False)).sum(0)
        centroid.append(brightness / frames[strength > 1e-3 * strength.max()].mean() - 1)
    print(f"{len(rows)} clips\n\n| difference | median | 5 % | 95 % |\n| --- | ---: | ---: | ---: |")
    for name, values, unit in (
            ("loudness, ebur128 of the mix to one channel, in LU", mono, 1),
            (f"loudness, ebur128 of both channels ({len(stereo)} clips in stereo), in LU", stereo, 1),
            ("brightness, librosa's centroid, in %", centroid, 100)):
        low, middle, high = unit * np.nanpercentile(values, [5, 50, 95])
        print(f"| {name} | {middle:.2f} | {low:.2f} | {high:.2f} |")


main()
