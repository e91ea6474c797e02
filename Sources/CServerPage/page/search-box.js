// Search as one types.

import { h, icon, settled } from "./dom.js";
import { link, placeOf } from "./links.js";

export function searchBox() {
  const input = h("input", { type: "search", "aria-label": "Search", autocomplete: "off", spellcheck: "false", enterkeyhint: "search" });
  // On a phone there is no room for all of it.
  const narrow = matchMedia("(max-width: 640px)");
  const name = () => { input.placeholder = narrow.matches ? "Search" : "Songs, artists, albums, genres"; };
  narrow.addEventListener("change", name);
  name();
  let before = link.map();
  const search = settled(90, () => {
    const text = input.value.trim();
    const searching = placeOf(location.hash).name === "search";
    if (!text) { if (searching) location.replace(before); return; }
    if (!searching) before = location.hash || link.map();
    // Each letter is not a step back.
    if (searching) location.replace(link.search(text));
    else location.hash = link.search(text);
  });
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; search(); input.blur(); }
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      document.querySelector("main .found-first, main .row-title, main .card-name")?.focus();
    }
  });
  const follow = () => {
    const place = placeOf(location.hash);
    if (document.activeElement !== input) input.value = place.name === "search" ? place.parameters.get("q") ?? "" : "";
  };
  addEventListener("hashchange", follow);
  follow();
  return [icon("search"), input, h("kbd", { "aria-hidden": "true" }, "/")];
}
