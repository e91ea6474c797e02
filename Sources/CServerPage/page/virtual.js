// Lists and grids of any length: only what can be seen is there, and only that is asked for.

import { h } from "./dom.js";
import { attempt } from "./notice.js";

const pageSize = 120;

/**
 * A grid of `total` items. `page(offset, count)` fetches some, `item(value, index)` makes an element, `size(width)` says
 * {columns, height} for a width. The first page may be given.
 */
export function virtualGrid({ total, first = [], page, item, size, signal, label }) {
  const values = [...first];
  const asked = new Set(first.length ? [0] : []);
  const shown = new Map();
  const place = h("div", { class: "virtual", role: "list", "aria-label": label });
  let columns = 1;
  let height = 1;

  async function fetchPage(number) {
    if (asked.has(number)) return;
    asked.add(number);
    const items = await attempt(() => page(number * pageSize, pageSize));
    if (!items || signal.aborted) return;
    items.forEach((value, index) => { values[number * pageSize + index] = value; });
    update();
  }

  function update() {
    const scroller = place.closest("main");
    if (!scroller) return;
    const top = scroller.getBoundingClientRect().top - place.getBoundingClientRect().top;
    const from = Math.max(0, Math.floor((top - 400) / height) * columns);
    const to = Math.min(total, Math.ceil((top + scroller.clientHeight + 400) / height) * columns);
    for (const [index, element] of shown) {
      if ((index < from || index >= to) && !element.contains(document.activeElement)) { element.remove(); shown.delete(index); }
    }
    const missing = new Set();
    for (let index = from; index < to; index += 1) {
      if (shown.has(index)) continue;
      if (values[index] === undefined) { missing.add(Math.floor(index / pageSize)); continue; }
      const element = item(values[index], index);
      element.setAttribute("role", "listitem");
      element.setAttribute("aria-setsize", total);
      element.setAttribute("aria-posinset", index + 1);
      set(element, index);
      shown.set(index, element);
      // In their order, for those who go through them with the keyboard.
      let after = index + 1;
      while (after < to && !shown.has(after)) after += 1;
      place.insertBefore(element, shown.get(after) ?? null);
    }
    missing.forEach(fetchPage);
  }

  function set(element, index) {
    element.style.position = "absolute";
    element.style.width = `${100 / columns}%`;
    element.style.height = `${height}px`;
    element.style.transform = `translate(${(index % columns) * 100}%, ${Math.floor(index / columns) * height}px)`;
  }

  function measure() {
    ({ columns, height } = size(place.clientWidth || 800));
    place.style.height = `${Math.ceil(total / columns) * height}px`;
    for (const [index, element] of shown) set(element, index);
    update();
  }

  const observer = new ResizeObserver(measure);
  observer.observe(place);
  document.querySelector("main").addEventListener("scroll", update, { passive: true, signal });
  signal.addEventListener("abort", () => observer.disconnect());
  queueMicrotask(measure);
  return place;
}

/** How many cards of at least so many pixels stand beside each other, and how high they are with their two lines below. */
export const cardSize = (least, below) => (width) => {
  const columns = Math.max(2, Math.floor(width / least));
  return { columns, height: Math.round(width / columns) + below };
};
