"""Small pieces of known tempo and key, made of partials and noise: another composer than Akin's own.

    python pieces.py FOLDER [--seed N]        72 pieces of 30 s as WAV, and truth.csv

Three pieces in each of the 24 keys; the tempo is drawn log-uniformly from 60 to 180 beats a minute. One third has rock
drums, one third four to the floor with off-beat hats, one third no drums. Chords, bass and a melody in the scale; the
tuning lies within ±15 cents, and there is noise."""
import argparse
import csv
import os

import numpy as np
import soundfile

RATE = 22050
MAJOR, MINOR = [0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10]
PROGRESSIONS = {
    "major": [[0, 3, 4, 0], [0, 5, 3, 4], [0, 4, 5, 3], [0, 1, 4, 0]],
    "minor": [[0, 3, 4, 0], [0, 5, 2, 6], [0, 6, 5, 4], [0, 3, 6, 0]],
}


def tone(pitch, seconds, cents, slope, random):
    time = np.arange(int(seconds * RATE)) / RATE
    frequency = 440 * 2 ** ((pitch - 69 + cents / 100) / 12)
    sound = np.zeros(len(time))
    for partial in range(1, 9):
        if partial * frequency < 9000:
            sound += partial**-slope * np.sin(2 * np.pi * (partial * frequency * time + random.random()))
    return sound * np.minimum(1, time / 0.01) * np.exp(-time / max(0.2, seconds))


def piece(tempo, tonic, mode, drums, random):
    seconds, beat = 30.0, 60 / tempo
    sound = np.zeros(int((seconds + 3) * RATE))
    cents, slope = random.uniform(-15, 15), random.uniform(0.9, 1.8)

    def add(samples, start, gain):
        first = int(max(0, start + random.normal(0, 0.004)) * RATE)
        part = samples[: max(0, len(sound) - first)]
        sound[first : first + len(part)] += gain * part

    def noise(length, decay, low):
        samples = random.normal(size=int(length * RATE)) * np.exp(-np.arange(int(length * RATE)) / RATE / decay)
        return samples if low else np.diff(samples, prepend=0)

    scale = MAJOR if mode == "major" else MINOR
    pitch = lambda degree: 12 * (degree // 7) + scale[degree % 7]
    progression = PROGRESSIONS[mode][random.integers(4)]
    bars = int(seconds / (4 * beat)) + 1
    melody = 7
    for bar in range(bars):
        root = progression[bar % 4]
        # The dominant of a minor key has a major third as often as not.
        raised = mode == "minor" and root == 4 and random.random() < 0.7
        for half in range(2):
            start = (4 * bar + 2 * half) * beat
            for third in (0, 2, 4):
                note = 48 + tonic + pitch(root + third) + (1 if raised and third == 2 else 0)
                add(tone(note, 1.9 * beat, cents, slope, random), start, 0.12)
        for step in range(4):
            add(tone(36 + tonic + pitch(root) % 12, 0.9 * beat, cents, 1.2, random), (4 * bar + step) * beat, 0.25)
        for step in range(8):
            if random.random() < (0.9 if step % 2 == 0 else 0.35):
                melody = int(np.clip(melody + random.integers(-2, 3), 4, 15))
                if step in (0, 4):
                    melody = min((root + third + 7 * octave for third in (0, 2, 4) for octave in (0, 1, 2)),
                                 key=lambda degree: abs(degree - melody))
                add(tone(60 + tonic + pitch(melody) - 12, 0.6 * beat, cents, slope, random), (4 * bar + step / 2) * beat, 0.2)
        for step in range(8):
            start = (4 * bar + step / 2) * beat
            time = np.arange(int(0.25 * RATE)) / RATE
            kick = np.sin(2 * np.pi * (50 * time + 6 * (1 - np.exp(-time * 30)))) * np.exp(-time * 14)
            if drums == "rock":
                if step in (0, 4) or (step == 5 and random.random() < 0.4):
                    add(kick, start, 0.7)
                if step in (2, 6):
                    add(noise(0.2, 0.06, True), start, 0.25)
                add(noise(0.06, 0.02, False), start, 0.07)
            elif drums == "floor":
                if step % 2 == 0:
                    add(kick, start, 0.8)
                if step % 2 == 1:
                    add(noise(0.1, 0.03, False), start, 0.12)
                if step in (2, 6):
                    add(noise(0.15, 0.05, True), start, 0.12)
    sound = sound[: int(seconds * RATE)] + random.normal(0, 10 ** (random.uniform(-70, -45) / 20), int(seconds * RATE))
    return 0.5 * sound / np.abs(sound).max()


def write(folder, seed):
    os.makedirs(folder, exist_ok=True)
    random = np.random.default_rng(seed)
    with open(f"{folder}/truth.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["path", "tempo", "tonic", "mode"])
        for number in range(72):
            tonic, mode = number % 12, "major" if number // 12 % 2 == 0 else "minor"
            tempo = round(60 * 3 ** random.random(), 2)
            drums = ["rock", "floor", "none"][(number + number // 24) % 3]
            path = f"{number:02} {drums}.wav"
            soundfile.write(f"{folder}/{path}", piece(tempo, tonic, mode, drums, random), RATE)
            table.writerow([path, tempo, tonic, mode])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.folder, options.seed)
