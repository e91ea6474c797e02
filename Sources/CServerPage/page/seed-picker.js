// Picks songs, albums, artists and genres by typing; what is picked becomes chips.

import { get } from "./api.js";
import { h, icon, iconButton, settled } from "./dom.js";
import { attempt } from "./notice.js";

let identity = 0;

/** A field with the seeds {kind, id, name} that were picked; `change` is called when they change. */
export function seedPicker(label, first, change, { songsOnly = false } = {}) {
  const chosen = [...first];
  const [fieldId, listId] = [`seeds-${identity += 1}`, `seeds-list-${identity}`];
  const chips = h("ul", { class: "chips" });
  const input = h("input", { id: fieldId, class: "field", type: "text", role: "combobox", placeholder: songsOnly ? "Add a song" : "Add a song, artist, album or genre", autocomplete: "off", spellcheck: "false", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list" });
  const list = h("ul", { id: listId, class: "options", role: "listbox", "aria-label": label, hidden: true });
  let at = -1;

  function showChips() {
    chips.hidden = chosen.length === 0;
    chips.replaceChildren(...chosen.map((seed, index) => h("li", { class: "chip" }, h("span", { class: "quiet" }, seed.kind), h("span", { class: "chip-name" }, seed.name),
      iconButton("close", `Remove ${seed.name}`, () => { chosen.splice(index, 1); showChips(); change(); }))));
  }

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(seed) {
    if (!chosen.some((other) => other.kind === seed.kind && other.id === seed.id)) chosen.push(seed);
    input.value = "";
    close();
    showChips();
    change();
  }

  const search = settled(90, () => attempt(async () => {
    const text = input.value.trim();
    if (!text) return close();
    const found = await get("search", { q: text, count: 8 });
    if (input.value.trim() !== text) return undefined;
    const options = [
      ...(songsOnly ? [] : [
        ...found.artists.slice(0, 3).map((one) => ({ kind: "artist", id: one.id, name: one.name, symbol: "artists" })),
        ...found.genres.slice(0, 2).map((one) => ({ kind: "genre", id: one.name, name: one.name, symbol: "genres" })),
        ...found.albums.slice(0, 3).map((one) => ({ kind: "album", id: one.id, name: one.name, by: one.artist, symbol: "albums" }))]),
      ...found.songs.map((one) => ({ kind: "song", id: one.id, name: one.title, by: one.artist, symbol: "play" })),
    ];
    at = options.length ? 0 : -1;
    list.replaceChildren(...(options.length ? options.map((option, index) => h("li", { id: `${listId}-${index}`, role: "option", "aria-selected": String(index === 0), onpointerdown: (event) => { event.preventDefault(); take(option); } },
      icon(option.symbol), h("span", { class: "option-name" }, option.name), h("span", { class: "quiet" }, option.by ?? option.kind)))
      : [h("li", { role: "option", "aria-selected": "false", "aria-disabled": "true", class: "quiet" }, "Nothing is called so.")]));
    list.options = options;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (at === 0) input.setAttribute("aria-activedescendant", `${listId}-0`);
    return undefined;
  }));
  input.addEventListener("input", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const { options = [] } = list;
    if (event.key === "Escape") { close(); return; }
    if (event.key === "Backspace" && !input.value && chosen.length) { chosen.pop(); showChips(); change(); return; }
    if (list.hidden || !options.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      at = (at + step + options.length) % options.length;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
      list.children[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", `${listId}-${at}`);
      event.preventDefault();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(options[at]);
    }
  });
  showChips();
  return {
    element: h("div", { class: "seeds" }, h("label", { class: "label", for: fieldId }, label), chips, h("div", { class: "combobox" }, input, list)),
    seeds: () => chosen.map((seed) => ({ [seed.kind]: seed.id })),
    names: () => chosen.map((seed) => seed.name),
  };
}
