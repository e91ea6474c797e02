// A map in the corner of a page, with what the page is about.

import { h } from "./dom.js";
import { link } from "./links.js";
import { SongMap } from "./map.js";
import { mapData } from "./map-data.js";

/**
 * Puts a map into a place once there is one: with a song and ways to others (`center`, `spokes`), or a way through songs
 * (`path`), or some of them (`chosen`); all by their numbers. Returns what changes it.
 */
export function smallMap(place, { signal, label, ...marks }) {
  const waiting = h("p", { class: "quiet small-map-wait" });
  place.replaceChildren(h("div", { class: "small-map" }, waiting));
  let map;
  let wanted = marks;
  const set = (marks) => {
    wanted = marks;
    if (!map) return;
    const row = (id) => map.data.rows.get(id);
    const rows = (ids) => (ids ?? []).map(row).filter((value) => value !== undefined);
    map.marks = { center: row(marks.center), spokes: rows(marks.spokes), path: rows(marks.path), chosen: rows(marks.chosen) };
    const all = [map.marks.center, ...map.marks.spokes, ...map.marks.path, ...map.marks.chosen].filter((value) => value !== undefined);
    map.show(all, { most: 10 });
    map.draw();
  };
  mapData(signal, (share) => { waiting.textContent = `The map is being drawn: ${Math.round(share * 100)} %`; }).then((data) => {
    if (signal.aborted) return;
    map = new SongMap(data, { label, small: true });
    signal.addEventListener("abort", () => map.close());
    const name = h("p", { class: "small-map-name quiet", "aria-live": "polite" });
    map.addEventListener("hover", (event) => { name.textContent = event.detail >= 0 ? data.titles[event.detail] : ""; });
    map.addEventListener("pick", (event) => { location.hash = link.song(data.ids[event.detail]); });
    place.replaceChildren(h("div", { class: "small-map" }, map.element, name));
    set(wanted);
  }, (error) => { if (error.name !== "AbortError") waiting.textContent = error.message; });
  return set;
}
