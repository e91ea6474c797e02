// The map: songs that sound alike lie near each other.

import { h } from "./dom.js";
import { colorsOf, groundOf } from "./map-colors.js";
import { drawOverlay } from "./map-overlay.js";
import { hasGraphics, painter } from "./map-painter.js";
import { followPointer } from "./map-pointer.js";
import { isDark, theme } from "./theme-button.js";

/**
 * Tells "hover" and "pick" with a row, "lasso" with rows, "legend" when the colours' meaning changed.
 * `marks` is what is drawn over the points: {playing, center, spokes, path, trail}, all rows.
 */
export class SongMap extends EventTarget {
  mode = "genre";
  legend = {};
  hovered = -1;
  marks = {};
  /** Rectangles of the element where no name is written. */
  obstacles = () => [];
  lasso = undefined;
  isLassoing = false;
  #wanted = false;
  #isStale = true;
  #emphasis;
  #flight;

  constructor(data, { label, small = false }) {
    super();
    Object.assign(this, { data, small });
    this.canvas = h("canvas", { class: "map-points", "aria-hidden": "true" });
    this.overlay = h("canvas", { class: "map-overlay", tabindex: "0", role: "application", "aria-roledescription": "map", "aria-label": label });
    this.now = h("div", { class: "map-now", hidden: true });
    this.element = h("div", { class: `map ${small ? "small" : ""}` }, this.canvas, this.overlay, this.now);
    this.painter = painter(this.canvas);
    this.painter.setPoints(data.points);
    this.view = { x: data.width / 2, y: data.height / 2, scale: 1, width: 1, height: 1 };
    this.paint();
    this.follow = () => this.paint();
    theme.addEventListener("change", this.follow);
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(this.element);
    followPointer(this);
  }

  close() {
    theme.removeEventListener("change", this.follow);
    this.observer.disconnect();
    this.painter.close();
  }

  tell(kind, detail) { this.dispatchEvent(new CustomEvent(kind, { detail })); }

  // MARK: - Colours

  setMode(mode) {
    this.mode = mode;
    this.#emphasis = undefined;
    this.paint();
  }

  /** Shows some rows, and the others faintly; undefined for all. */
  emphasize(isShown) {
    this.#emphasis = isShown;
    this.paint();
  }

  get emphasis() { return this.#emphasis; }

  paint() {
    this.dark = isDark();
    const { bytes, legend } = colorsOf(this.data, this.mode, this.dark);
    const ground = groundOf(this.data, bytes, this.dark);
    if (this.#emphasis) for (let row = 0; row < this.data.count; row += 1) if (!this.#emphasis(row)) bytes[4 * row + 3] = 34;
    this.painter.setColors(bytes, ground);
    this.colors = bytes;
    this.legend = legend;
    this.tell("legend");
    this.draw();
  }

  // MARK: - View

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width || !height) return;
    const was = this.view.scale / (this.wholeScale ?? this.view.scale);
    this.ratio = hasGraphics() ? Math.min(devicePixelRatio, 2) : 1;
    for (const canvas of [this.canvas, this.overlay]) { canvas.width = Math.round(width * this.ratio); canvas.height = Math.round(height * this.ratio); }
    Object.assign(this.view, { width, height });
    const margin = this.small ? 24 : Math.min(64, width * 0.08);
    // On a phone, what is written lies above and below the map, not beside it.
    this.inset = !this.small && width < 640 ? { top: 130, bottom: 40 } : { top: 0, bottom: 0 };
    const room = height - this.inset.top - this.inset.bottom;
    this.wholeScale = Math.min((width - 2 * margin) / this.data.width, Math.max(80, room - 2 * margin) / this.data.height);
    this.view.scale = this.wholeScale * was;
    if (this.wanted) { const show = this.wanted; this.wanted = undefined; show(); }
    this.#isStale = true;
    this.#drawNow();
    this.tell("resized");
  }

  get zoom() { return this.view.scale / (this.wholeScale ?? this.view.scale); }

  /** From a place on the page's element to a place on the map, and back. */
  placeAt(left, top) { return [(left - this.view.width / 2) / this.view.scale + this.view.x, (top - this.view.height / 2) / this.view.scale + this.view.y]; }
  onScreen(x, y) { return [(x - this.view.x) * this.view.scale + this.view.width / 2, (y - this.view.y) * this.view.scale + this.view.height / 2]; }
  rowOnScreen(row) { return this.onScreen(this.data.x[row], this.data.y[row]); }

  pan(dx, dy) {
    this.#flight = undefined;
    this.view.x = Math.min(this.data.width, Math.max(0, this.view.x - dx / this.view.scale));
    this.view.y = Math.min(this.data.height, Math.max(-0.2, this.view.y - dy / this.view.scale));
    this.draw();
  }

  /** Nearer or farther by a factor, around a place of the element. */
  zoomBy(factor, left = this.view.width / 2, top = this.view.height / 2) {
    this.#flight = undefined;
    const [x, y] = this.placeAt(left, top);
    this.view.scale = Math.min(this.wholeScale * 400, Math.max(this.wholeScale * 0.7, this.view.scale * factor));
    const [newX, newY] = this.placeAt(left, top);
    this.view.x += x - newX;
    this.view.y += y - newY;
    this.draw();
  }

  /** Goes to where all of some rows are seen; without any, to the whole. */
  show(rows, { most = 12, least = 0, aside = 0 } = {}) {
    if (!this.wholeScale) { this.wanted = () => this.show(rows, { most, least, aside }); return; }
    const lower = (this.inset.top - this.inset.bottom) / 2;
    let target = { x: this.data.width / 2, y: this.data.height / 2 - lower / this.wholeScale, scale: this.wholeScale };
    if (rows?.length) {
      const bounds = (column) => rows.reduce(([low, high], row) => [Math.min(low, column[row]), Math.max(high, column[row])], [Infinity, -Infinity]);
      const [[x0, x1], [y0, y1]] = [bounds(this.data.x), bounds(this.data.y)];
      const room = (size) => Math.max(60, size - (this.small ? 60 : 200));
      const scale = Math.min(room(this.view.width - aside) / Math.max(1e-4, x1 - x0), room(this.view.height) / Math.max(1e-4, y1 - y0));
      target = { x: (x0 + x1) / 2, y: (y0 + y1) / 2, scale: Math.max(this.wholeScale * least, Math.min(scale, this.wholeScale * most)) };
      target.x += aside / 2 / target.scale;
    }
    this.#fly(target);
  }

  /** Looks at a place of the map as near as another map did. */
  look({ x, y }, zoom) {
    if (!this.wholeScale) { this.wanted = () => this.look({ x, y }, zoom); return; }
    this.#flight = undefined;
    Object.assign(this.view, { x, y, scale: this.wholeScale * zoom });
    this.draw();
  }

  /** Brings a row out from below a rectangle of the element {left, top, right, bottom}. */
  reveal(row, box) {
    const [x, y] = this.rowOnScreen(row);
    const margin = 40;
    if (x < box.left - margin || x > box.right + margin || y < box.top - margin || y > box.bottom + margin) return;
    // To the middle of what is free: beside the rectangle, or above it if it is as wide as the map.
    const isWide = box.right - box.left > this.view.width * 0.7;
    const [toX, toY] = isWide ? [this.view.width / 2, box.top / 2] : [box.left / 2, this.view.height / 2];
    this.#fly({ scale: this.view.scale, x: this.view.x + (x - toX) / this.view.scale, y: this.view.y + (y - toY) / this.view.scale });
  }

  #fly(target) {
    const from = { ...this.view };
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || this.small;
    const flight = { began: performance.now() };
    this.#flight = flight;
    const step = (time) => {
      if (this.#flight !== flight) return;
      const share = still ? 1 : Math.min(1, Math.max(0, (time - flight.began) / 450));
      const eased = 1 - (1 - share) ** 3;
      this.view.scale = from.scale * (target.scale / from.scale) ** eased;
      this.view.x = from.x + (target.x - from.x) * eased;
      this.view.y = from.y + (target.y - from.y) * eased;
      this.draw();
      if (share < 1) requestAnimationFrame(step); else this.#flight = undefined;
    };
    if (still) step(flight.began); else requestAnimationFrame(step);
  }

  // MARK: - Drawing

  /** Draws soon, once however often it is asked for. */
  draw({ pointsToo = true } = {}) {
    this.#isStale ||= pointsToo;
    if (this.#wanted) return;
    this.#wanted = true;
    requestAnimationFrame(() => { this.#wanted = false; this.#drawNow(); });
  }

  get pointSize() {
    const room = Math.sqrt((this.wholeScale ** 2 * this.data.width * this.data.height) / this.data.count);
    const base = Math.min(this.small ? 5 : 8, Math.max(1.9, room * 0.3));
    return Math.min(16, base * this.zoom ** 0.4);
  }

  #drawNow() {
    if (!this.wholeScale) return;
    const { ratio, view } = this;
    const scaled = { x: view.x, y: view.y, scale: view.scale * ratio, width: view.width * ratio, height: view.height * ratio };
    if (this.#isStale) this.painter.draw(scaled, this.pointSize * ratio, this.data.count > 20_000 && this.zoom < 3 ? 0.72 : 0.9, 1 / (1 + 0.2 * Math.max(0, this.zoom - 1)));
    this.element.parentElement?.classList.toggle("near", this.zoom > 1.6);
    this.#isStale = false;
    drawOverlay(this);
    const { playing } = this.marks;
    this.tell("drawn");
    this.now.hidden = playing === undefined;
    if (playing !== undefined) {
      const [left, top] = this.rowOnScreen(playing);
      this.now.style.transform = `translate(${left}px, ${top}px)`;
    }
  }
}
