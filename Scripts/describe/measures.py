"""Tempo as Sources/AudioFeatures/Measures has it, in plain NumPy: the specification. And the key that was tried, which
Akin does not measure (docs/decisions/describe.md)."""
import numpy as np

RATE = 22050
# How often notes occur (Albrecht and Shanahan 2013), and how well they fit (Krumhansl and Kessler 1982).
OCCURRENCE = {
    "major": [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081],
    "minor": [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
}
FIT = {
    "major": [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    "minor": [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
}


def standardised(values):
    return (np.array(values) - np.mean(values)) / np.std(values)


PROFILES = {mode: standardised(OCCURRENCE[mode]) + 0.5 * standardised(FIT[mode]) for mode in ("major", "minor")}


def power_spectra(samples, size, hop):
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    starts = hop * np.arange(1 + (len(samples) - size) // hop)
    return np.abs(np.fft.rfft(samples[starts[:, None] + np.arange(size)] * window, axis=1)) ** 2


def tempo(samples, bank):
    """Beats a minute, or None; `bank` is librosa.filters.mel(sr=22050, n_fft=1024, n_mels=40)."""
    rate = RATE / 512
    decibels = 10 * np.log10(np.maximum(1e-10, power_spectra(samples, 1024, 512) @ bank.T))
    if len(decibels) < 6 * rate:
        return None
    rises = np.maximum(0, np.diff(np.maximum(decibels, decibels.max() - 40), axis=0))
    reach = int(rate) // 2

    def correlation(rise):
        local = np.convolve(np.pad(rise, reach, mode="edge"), np.ones(2 * reach + 1) / (2 * reach + 1), "valid")
        onsets = np.convolve(np.maximum(0, rise - local), [0.25, 0.5, 0.25], "same")
        onsets -= onsets.mean()
        count = len(onsets)
        found = np.fft.irfft(np.abs(np.fft.rfft(onsets, 2 * count)) ** 2)[:count] / (count - np.arange(count))
        return found / found[0] if found[0] > 1e-3 else 0 * found

    lags = min(len(rises), max(int(6 * 60 * rate / 40) + 2, int(8 * 60 * rate / 40) + 2))
    both = (correlation(rises.mean(1)) + correlation(rises[:, :5].mean(1)))[:lags]

    def at(lag):
        return np.interp(lag, np.arange(len(both)), both)

    tempi = 40 * (220 / 40) ** np.linspace(0, 1, 600)
    periods = 60 * rate / tempi
    score = sum(at(k * periods) + 0.25 * at((k - 0.5) * periods) for k in range(1, 7)) / 6
    score = score * np.exp(-0.5 * (np.log2(tempi / 133) / 0.9) ** 2)
    if score.max() <= 0.08:
        return None
    best = tempi[np.argmax(score)]
    for count in (4, 8):
        lag = count * 60 * rate / best
        if lag * 1.07 < min(len(both), len(decibels) * 3 // 5):
            around = lag * (1 + 0.24 / count * np.linspace(-1, 1, 81))
            peak = around[np.argmax(at(around))]
            if at(peak) > 0:
                best = 60 * rate * count / peak
    return float(best)


def chroma(samples):
    """The strength of the pitch classes, 12 values; None without peaks."""
    size = 16384
    power = power_spectra(samples, size, 8192)
    low, high = int(55 * size / RATE), int(2000 * size / RATE)
    frames, pitches, weights = [], [], []
    for number, frame in enumerate(power):
        bins = np.arange(max(1, low), high + 1)
        bins = bins[(frame[bins] > frame[bins - 1]) & (frame[bins] >= frame[bins + 1])]
        if len(bins) == 0:
            continue
        bins = bins[(frame[bins] > 1e-4 * frame[bins].max()) & (frame[bins] > 1e-12)]
        before, here, after = (np.log(frame[bins + shift] + 1e-18) for shift in (-1, 0, 1))
        bend = before - 2 * here + after
        shift = np.where(bend == 0, 0, 0.5 * (before - after) / np.where(bend == 0, 1, bend))
        frames += [number] * len(bins)
        pitches += list(69 + 12 * np.log2((bins + np.clip(shift, -0.5, 0.5)) * RATE / size / 440))
        weights += list(frame[bins] ** 0.25)
    if not frames:
        return None
    frames, pitches, weights = np.array(frames), np.array(pitches), np.array(weights)
    tuning = np.angle((weights * np.exp(2j * np.pi * pitches)).sum()) / (2 * np.pi)
    frames_chroma = np.zeros((len(power), 12))
    for partial in (1, 2, 3):
        pitch = pitches - tuning - 12 * np.log2(partial)
        nearest = np.round(pitch)
        nearness = np.cos(np.pi * (pitch - nearest)) ** 2
        np.add.at(frames_chroma, (frames, nearest.astype(int) % 12), nearness * weights * 0.6 ** (partial - 1))
    lengths = np.linalg.norm(frames_chroma, axis=1, keepdims=True)
    return np.sqrt((frames_chroma / np.maximum(lengths, 0.05 * lengths.max())).mean(0))


def key(samples):
    """(tonic, "major" or "minor"), or None."""
    mean = chroma(samples)
    if mean is None:
        return None
    best = (0.4, None)
    for mode, profile in PROFILES.items():
        for tonic in range(12):
            value = np.corrcoef(np.roll(profile, tonic), mean)[0, 1] + (0.05 if mode == "minor" else 0)
            if value > best[0]:
                best = (value, (tonic, mode))
    return best[1]
