// The songs on a plane: where each lies, what is near, and what regions are called.

import { getWhenMade, happenings } from "./api.js";

const cells = 128;

/** All songs in columns, with what is needed to find them by place. */
export class MapData {
  constructor(answer) {
    Object.assign(this, answer);
    this.count = answer.ids.length;
    this.rows = new Map(answer.ids.map((id, row) => [id, row]));
    this.points = new Float32Array(2 * this.count);
    for (let row = 0; row < this.count; row += 1) {
      this.points[2 * row] = answer.x[row];
      this.points[2 * row + 1] = answer.y[row];
    }
    this.width = answer.x.reduce((most, value) => Math.max(most, value), 0.01);
    this.height = answer.y.reduce((most, value) => Math.max(most, value), 0.01);
    this.#sortIntoCells();
    this.regions = this.#genreRegions();
    this.places = this.#artistPlaces();
  }

  #cell(x, y) {
    const place = (value) => Math.min(cells - 1, Math.max(0, Math.floor(value * cells)));
    return place(y) * cells + place(x);
  }

  #sortIntoCells() {
    const starts = new Uint32Array(cells * cells + 1);
    const cellOf = new Uint16Array(this.count);
    for (let row = 0; row < this.count; row += 1) {
      cellOf[row] = this.#cell(this.x[row], this.y[row]);
      starts[cellOf[row] + 1] += 1;
    }
    for (let cell = 0; cell < cells * cells; cell += 1) starts[cell + 1] += starts[cell];
    const next = starts.slice();
    this.sorted = new Uint32Array(this.count);
    for (let row = 0; row < this.count; row += 1) { this.sorted[next[cellOf[row]]] = row; next[cellOf[row]] += 1; }
    this.starts = starts;
  }

  /** Calls with each row that may lie in a rectangle. */
  within(left, top, right, bottom, call) {
    const clamp = (value) => Math.min(cells - 1, Math.max(0, Math.floor(value * cells)));
    for (let y = clamp(top); y <= clamp(bottom); y += 1) {
      const from = this.starts[y * cells + clamp(left)];
      const to = this.starts[y * cells + clamp(right) + 1];
      for (let place = from; place < to; place += 1) call(this.sorted[place]);
    }
  }

  /** The row nearest to a place, at most so far away; -1 if there is none. */
  nearest(x, y, radius) {
    let [found, least] = [-1, radius * radius];
    this.within(x - radius, y - radius, x + radius, y + radius, (row) => {
      const distance = (this.x[row] - x) ** 2 + (this.y[row] - y) ** 2;
      if (distance < least) { found = row; least = distance; }
    });
    return found;
  }

  /** The next row from one in a direction, for the keyboard. */
  beside(from, dx, dy) {
    let [found, least] = [-1, Infinity];
    for (let radius = 0.01; radius < 2 && found < 0; radius *= 2) {
      this.within(this.x[from] - radius, this.y[from] - radius, this.x[from] + radius, this.y[from] + radius, (row) => {
        const [ax, ay] = [this.x[row] - this.x[from], this.y[row] - this.y[from]];
        const [along, across] = [ax * dx + ay * dy, Math.abs(ax * dy) + Math.abs(ay * dx)];
        if (row !== from && along > 0 && across <= along && along + 2 * across < least) { found = row; least = along + 2 * across; }
      });
    }
    return found;
  }

  /** The rows inside a polygon of places. */
  inside(polygon) {
    const [xs, ys] = [polygon.map((point) => point[0]), polygon.map((point) => point[1])];
    const rows = [];
    this.within(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (row) => {
      const [x, y] = [this.x[row], this.y[row]];
      let isInside = false;
      for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
        const crosses = ys[i] > y !== ys[j] > y && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i];
        if (crosses) isInside = !isInside;
      }
      if (isInside) rows.push(row);
    });
    return rows;
  }

  /** How many songs each name of a column has, the most first: [[place, count]]. */
  ranking(column, names) {
    const counts = new Uint32Array(names.length);
    for (const value of column) if (value >= 0) counts[value] += 1;
    return [...counts.entries()].sort((one, other) => other[1] - one[1]);
  }

  /** Where genres are at home: each at the one or two places where it is densest. */
  #genreRegions() {
    const side = 20;
    const least = Math.max(3, this.count / 500);
    const square = (row) => Math.min(side - 1, Math.floor(this.y[row] * side)) * side + Math.min(side - 1, Math.floor(this.x[row] * side));
    const byGenre = new Map();
    for (let row = 0; row < this.count; row += 1) {
      const genre = this.genre[row];
      if (genre < 0) continue;
      if (!byGenre.has(genre)) byGenre.set(genre, []);
      byGenre.get(genre).push(row);
    }
    const regions = [];
    for (const [genre, rows] of byGenre) {
      if (rows.length < least) continue;
      const density = new Float32Array(side * side);
      for (const row of rows) {
        const at = square(row);
        for (let dy = -1; dy <= 1; dy += 1) {
          for (let dx = -1; dx <= 1; dx += 1) {
            const [x, y] = [(at % side) + dx, Math.floor(at / side) + dy];
            if (x >= 0 && y >= 0 && x < side && y < side) density[y * side + x] += dx || dy ? 0.5 : 1;
          }
        }
      }
      const first = density.indexOf(Math.max(...density));
      const apart = (at) => Math.hypot((at % side) - (first % side), Math.floor(at / side) - Math.floor(first / side));
      const others = density.map((value, at) => (apart(at) > side * 0.3 ? value : 0));
      const second = others.indexOf(Math.max(...others));
      for (const peak of others[second] > 0.6 * density[first] ? [first, second] : [first]) {
        const near = rows.filter((row) => Math.abs((square(row) % side) - (peak % side)) <= 2 && Math.abs(Math.floor(square(row) / side) - Math.floor(peak / side)) <= 2);
        regions.push({ name: this.genres[genre], genre, count: near.length, ...this.#middle(near) });
      }
    }
    return regions.sort((one, other) => other.count - one.count);
  }

  /** Artists whose songs lie together. */
  #artistPlaces() {
    const sums = new Float64Array(this.artists.length * 5);
    for (let row = 0; row < this.count; row += 1) {
      const at = this.artist[row] * 5;
      if (at < 0) continue;
      sums[at] += 1;
      sums[at + 1] += this.x[row];
      sums[at + 2] += this.y[row];
      sums[at + 3] += this.x[row] ** 2 + this.y[row] ** 2;
    }
    const places = [];
    for (let artist = 0; artist < this.artists.length; artist += 1) {
      const [count, sx, sy, squares] = sums.subarray(artist * 5, artist * 5 + 4);
      if (count < 3) continue;
      const [x, y] = [sx / count, sy / count];
      const spread = Math.sqrt(Math.max(0, squares / count - x * x - y * y));
      if (spread < 0.12) places.push({ name: this.artists[artist], count, x, y, spread });
    }
    return places.sort((one, other) => other.count - one.count);
  }

  #middle(rows) {
    const sum = rows.reduce(([x, y], row) => [x + this.x[row], y + this.y[row]], [0, 0]);
    return { x: sum[0] / rows.length, y: sum[1] / rows.length };
  }
}

let made;
let changes = 0;
happenings.addEventListener("library", () => {
  made = undefined;
  changes += 1;
});

/** The map, once it is made; `progress` is told how far it is. */
export async function mapData(signal, progress = () => {}) {
  if (made) return made;
  const asked = changes;
  const data = new MapData(await getWhenMade("map", signal, progress));
  // What changed meanwhile is not on it: whoever asks next gets the next.
  if (asked === changes) made ??= data;
  return data;
}
