// Covers: from the files; where there is none, a calm one drawn from the album's name.

import { address } from "./api.js";
import { digest, h, s } from "./dom.js";

/** Pairs of a ground and an ink, muted so that they stand beside real covers. */
const inks = [
  ["#2f3e46", "#cad2c5"], ["#5b2e35", "#e8b9a4"], ["#28365a", "#b8c6e6"], ["#6b4a24", "#f0d6a8"], ["#24484a", "#a9d6c9"],
  ["#4a3358", "#d7bfe4"], ["#7a3b22", "#f3c5a0"], ["#3d4a2c", "#d3dba6"], ["#3b3b44", "#d9d3c7"], ["#5c2b4a", "#eab6cc"],
];

const patterns = [
  // Grooves.
  (n) => [14, 23, 32, 41, 50, 59].map((r) => s("circle", { cx: 30 + (n % 40), cy: 30 + ((n >> 3) % 40), r, "stroke-width": 1 + (n % 4) })),
  // Waves.
  (n) => [10, 24, 38, 52, 66, 80, 94].map((y, i) => s("path", { d: `M-10 ${y}q${15 + (n % 12)} ${-18 + i * 3} 30 0t30 0t30 0t30 0`, "stroke-width": 2 })),
  // Two rooms that overlap.
  (n) => [[38, 1.5 + (n % 3)], [62, 1.5]].map(([x, w]) => s("circle", { cx: x, cy: 50, r: 26 + (n % 9), "stroke-width": w })),
  // Strings.
  (n) => Array.from({ length: 9 }, (_, i) => s("path", { d: `M${i * 12 + 2} -5Q${i * 12 - 20 + (n % 50)} 50 ${i * 12 + 2} 105`, "stroke-width": 1.5 })),
  // A horizon.
  (n) => [s("circle", { cx: 50, cy: 58 - (n % 20), r: 20, "stroke-width": 0, fill: "currentColor" }), ...[62, 70, 79, 89].map((y, i) => s("path", { d: `M0 ${y}H100`, "stroke-width": 1 + i }))],
  // Bars of a level.
  (n) => Array.from({ length: 8 }, (_, i) => s("path", { d: `M${13 + i * 10.6} ${78 - ((n >> i) % 7) * 7}V82`, "stroke-width": 5 })),
];

function drawn(name) {
  const value = digest(name);
  const [ground, ink] = inks[value % inks.length];
  const svg = s("svg", { viewBox: "0 0 100 100", "aria-hidden": "true", preserveAspectRatio: "xMidYMid slice" }, s("rect", { width: 100, height: 100, fill: ground, stroke: "none" }),
    s("g", { opacity: 0.8, color: ink, stroke: "currentColor" }, ...patterns[(value >>> 8) % patterns.length](value >>> 12)));
  return svg;
}

/** Songs that are known to have no cover: asked once in a session. */
const without = new Set();

/**
 * A cover: of the song of that number, with the name of its album. `size` in CSS pixels.
 * It is drawn at once; the picture comes over it when it is there.
 */
export function cover(song, name, size = 48) {
  const place = h("div", { class: "cover" }, drawn(name || String(song)));
  if (song === undefined || without.has(name + song)) return place;
  const pixels = size * devicePixelRatio > 150 ? (size * devicePixelRatio > 400 ? 800 : 300) : 100;
  const picture = h("img", { alt: "", loading: "lazy", decoding: "async", draggable: "false" });
  picture.addEventListener("load", () => place.classList.add("loaded"));
  picture.addEventListener("error", () => { without.add(name + song); picture.remove(); });
  picture.src = address(["songs", song, "cover"], { size: pixels });
  place.append(picture);
  return place;
}

export const songCover = (song, size) => cover(song.id, song.album || song.title, size);
