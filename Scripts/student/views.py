"""Clips of songs, and views of them: changed and mixed sounds that a student hears beside the songs as they are."""

import subprocess

import librosa
import numpy as np
import scipy.fft
import scipy.signal

RATE, SECONDS, PATCHES = 22050, 30, 10
# A patch of the teacher: 187 frames of 256 samples at 16 kHz.
TEACHER_FRAMES, TEACHER_HOP = 187, 256
STARTS = [round(i * TEACHER_FRAMES * TEACHER_HOP / 16000 * RATE / 1024) for i in range(PATCHES)]

STUDENT_BANK = librosa.filters.mel(sr=RATE, n_fft=2048, n_mels=256).astype(np.float32)
TEACHER_BANK = librosa.filters.mel(sr=16000, n_fft=512, n_mels=96).astype(np.float32)
WINDOWS = {n: scipy.signal.get_window("hann", n).astype(np.float32) for n in (512, 2048)}


def clip(path, start=None):
    """30 s from `start`, or of the middle, as mono samples; short songs are repeated. None if there is no sound."""
    probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
    seconds = float(subprocess.run(probe, capture_output=True, text=True).stdout.strip() or SECONDS)
    start = max(0, seconds / 2 - SECONDS / 2) if start is None else start
    decode = ["ffmpeg", "-v", "error", "-ss", str(start), "-t", str(SECONDS + 1), "-i", path, "-ac", "1"]
    sound = subprocess.run([*decode, "-ar", str(RATE), "-f", "f32le", "-"], capture_output=True).stdout
    samples = np.frombuffer(sound[: len(sound) // 4 * 4], "<f4")
    count = RATE * SECONDS
    if len(samples) < RATE or samples.std() < 1e-4:
        return None
    return np.clip(np.tile(samples, -(-count // len(samples)))[:count], -1, 1)


def power(samples, size, hop):
    padded = np.pad(samples, size // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop] * WINDOWS[size]
    spectrum = scipy.fft.rfft(frames, axis=1)
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32)


def student_mels(samples):
    """What the descriptor hears, bands averaged in pairs: frames × 128, as bytes (see TeachingData)."""
    decibels = 10 * np.log10(np.maximum(power(samples, 2048, 1024) @ STUDENT_BANK.T, 1e-10))
    decibels = np.maximum(decibels - decibels.max(), -80)
    pairs = decibels.reshape(len(decibels), 128, 2).mean(2)
    return np.clip(np.round((pairs + 80) * 255 / 80), 0, 255).astype(np.uint8)


def teacher_mels(samples):
    """What MusiCNN hears: patches × 187 × 96. Mels are not rounded to half precision, as its own program does it."""
    resampled = scipy.signal.resample_poly(samples, 320, 441).astype(np.float32)
    mels = np.log10(10000 * (power(resampled, 512, TEACHER_HOP) @ TEACHER_BANK.T) + 1)
    return np.stack([mels[i * TEACHER_FRAMES :][:TEACHER_FRAMES] for i in range(PATCHES)])


def equalised(samples, random):
    """A smooth random curve over a logarithmic axis of frequency; at times a low-pass or a high-pass, too."""
    spectrum, hertz = scipy.fft.rfft(samples), np.fft.rfftfreq(len(samples), 1 / RATE)
    points = np.linspace(np.log(40), np.log(RATE / 2), 7)
    gain = 10 ** (np.interp(np.log(np.maximum(hertz, 20)), points, random.normal(0, 5, 7)) / 20)
    if random.random() < 0.4:
        gain = gain / np.sqrt(1 + (hertz / np.exp(random.uniform(np.log(2500), np.log(9000)))) ** 8)
    if random.random() < 0.2:
        cut = np.exp(random.uniform(np.log(60), np.log(300)))
        gain = gain * np.sqrt(1 / (1 + (cut / np.maximum(hertz, 1)) ** 6))
    return scipy.fft.irfft(spectrum * gain, len(samples)).astype(np.float32)


def faster(samples, random):
    """Played faster or slower by at most a sixth, so that pitch and tempo change."""
    speed = np.exp(random.uniform(np.log(0.84), np.log(1.19)))
    moved = np.interp(np.arange(0, len(samples), speed), np.arange(len(samples)), samples).astype(np.float32)
    return np.tile(moved, 2)[: len(samples)]


def view(number, index, sounds, pool):
    """View `number` of song `index`: 0 is the song itself, odd ones are changed, even ones mixed with songs of `pool`."""
    song = sounds[index].astype(np.float32)
    if number == 0:
        return song
    random = np.random.default_rng(1000 * number + 7919 * index)

    def rolled(samples):
        return np.roll(samples, random.integers(len(samples)))

    if number % 2 == 1:
        sound = equalised(rolled(faster(song, random) if random.random() < 0.8 else song), random)
    else:
        parts = 2 if random.random() < 0.7 else 3
        sound = rolled(faster(song, random) if random.random() < 0.5 else song)
        sound = sound / max(1e-6, sound.std())
        for _ in range(parts - 1):
            other = sounds[pool[random.integers(len(pool))]].astype(np.float32)
            other = rolled(faster(other, random) if random.random() < 0.5 else other)
            sound = sound + other / max(1e-6, other.std()) * 10 ** (random.uniform(-8, 4) / 20)
        if random.random() < 0.5:
            sound = equalised(sound, random)
    level = np.sqrt(np.mean(song**2) / max(1e-12, np.mean(sound**2)))
    return (sound * level * 10 ** (random.normal(0, 3) / 20)).astype(np.float32)
