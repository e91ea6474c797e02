// What colours mean on the map.

import { digest } from "./dom.js";

/** Twelve hues that can be told apart, for dark and for light grounds. */
const hues = {
  dark: ["#f2a554", "#56c8b4", "#78aef7", "#f2849b", "#b79af5", "#aed163", "#f58c67", "#66d2e8", "#e892d5", "#dccb8f", "#8fa2ff", "#7fd58b"],
  light: ["#c06a12", "#128074", "#2c68bd", "#c13a59", "#7549c4", "#587f12", "#c5441b", "#107f99", "#a93f96", "#84702b", "#4552c9", "#2b8544"],
};
const rest = { dark: "#6f6b76", light: "#a69d92" };
/** From early to late, from slow to fast. */
const ramp = {
  dark: ["#4f63c9", "#8a6ed6", "#d3719f", "#f2955f", "#f7d774"],
  light: ["#3a4da8", "#7447b0", "#b53d78", "#cf6320", "#c79a16"],
};

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const mixed = (one, other, share) => one.map((value, index) => value + (other[index] - value) * share);

function along(colors, share) {
  const place = Math.min(0.9999, Math.max(0, share)) * (colors.length - 1);
  return mixed(colors[Math.floor(place)], colors[Math.floor(place) + 1], place % 1);
}

export const modes = { genre: "Genre", artist: "Artist", year: "Year", tempo: "Tempo" };

/**
 * The colour of each song, four bytes a song, and what to say of them: {entries: [{name, value, color, count}]} or
 * {ramp, low, high}. `none` counts the songs that have no value.
 */
export function colorsOf(data, mode, dark) {
  const name = dark ? "dark" : "light";
  const bytes = new Uint8Array(4 * data.count);
  const paint = (row, color) => { bytes.set(color, 4 * row); bytes[4 * row + 3] = 255; };
  const none = rgb(rest[name]);
  if (mode === "genre" || mode === "artist") {
    const [column, names] = [data[mode], mode === "genre" ? data.genres : data.artists];
    const top = data.ranking(column, names).filter(([, count]) => count > 0).slice(0, 12);
    const palette = new Map(top.map(([value], rank) => [value, rgb(hues[name][rank])]));
    // Artists are too many for the palette: the others take a hue each, more quietly.
    const other = (value) => (mode === "artist" && value >= 0 ? mixed(rgb(hues[name][digest(names[value]) % 12]), none, 0.55) : none);
    const others = new Map();
    for (let row = 0; row < data.count; row += 1) {
      const value = column[row];
      if (!palette.has(value) && !others.has(value)) others.set(value, other(value));
      paint(row, palette.get(value) ?? others.get(value));
    }
    const entries = top.map(([value, count], rank) => ({ name: names[value], value, count, color: hues[name][rank] }));
    const left = names.length - top.length;
    const without = column.reduce((count, value) => count + (value < 0), 0);
    return {
      bytes, legend: {
        entries, rest: left > 0 ? { color: rest[name], count: left } : undefined,
        none: without > 0 ? { color: rest[name], count: without, name: mode === "genre" ? "No genre" : "No artist" } : undefined,
      },
    };
  }
  const column = data[mode];
  const known = Float64Array.from(column.filter((value) => value !== null && value > 0)).sort();
  const [low, high] = known.length ? [known[Math.floor(known.length * 0.02)], known[Math.floor(known.length * 0.98)]] : [0, 0];
  const colors = ramp[name].map(rgb);
  for (let row = 0; row < data.count; row += 1) {
    const value = column[row];
    paint(row, value ? along(colors, high > low ? (value - low) / (high - low) : 0.5) : none);
  }
  return { bytes, legend: { ramp: ramp[name], low, high, isKnown: known.length > 0 } };
}

/** A soft picture of how dense the songs lie and what colours they have, for the ground. */
export function groundOf(data, bytes, dark) {
  const side = 160;
  let sums = new Float32Array(4 * side * side);
  for (let row = 0; row < data.count; row += 1) {
    const at = 4 * (Math.min(side - 1, Math.floor((data.y[row] * 0.8 + 0.1) * side)) * side + Math.min(side - 1, Math.floor((data.x[row] * 0.8 + 0.1) * side)));
    for (let part = 0; part < 3; part += 1) sums[at + part] += bytes[4 * row + part];
    sums[at + 3] += 1;
  }
  for (const radius of [4, 4, 5]) sums = blurred(blurred(sums, side, 1, side, radius), side, side, 1, radius);
  let most = 1e-9;
  for (let at = 3; at < sums.length; at += 4) most = Math.max(most, sums[at]);
  const pixels = new Uint8ClampedArray(sums.length);
  for (let at = 0; at < sums.length; at += 4) {
    const weight = sums[at + 3];
    if (weight < most * 1e-4) continue;
    for (let part = 0; part < 3; part += 1) pixels[at + part] = sums[at + part] / weight;
    pixels[at + 3] = 255 * (dark ? 0.3 : 0.26) * Math.sqrt(weight / most);
  }
  return new ImageData(pixels, side, side);
}

/** A running mean along one direction. */
function blurred(sums, side, step, across, radius) {
  const out = new Float32Array(sums.length);
  for (let line = 0; line < side; line += 1) {
    for (let part = 0; part < 4; part += 1) {
      let sum = 0;
      const at = (place) => 4 * (line * across + place * step) + part;
      for (let place = -radius; place < side; place += 1) {
        if (place + radius < side) sum += sums[at(place + radius)];
        if (place - radius - 1 >= 0) sum -= sums[at(place - radius - 1)];
        if (place >= 0) out[at(place)] = sum / (2 * radius + 1);
      }
    }
  }
  return out;
}
