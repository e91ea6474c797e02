import { get } from "./api.js";
import { songCover } from "./cover.js";
import { button, counted, fill, h, icon, iconButton, number } from "./dom.js";
import { reason } from "./explain.js";
import { link } from "./links.js";
import { SongMap } from "./map.js";
import { modes } from "./map-colors.js";
import { mapData } from "./map-data.js";
import { attempt, tell } from "./notice.js";
import { queue } from "./queue.js";
import { savePlaylist } from "./save.js";
import { artistLinks, songMenu, songRow } from "./song-row.js";

/** The map stays as it was left. */
let kept;

export async function view({ parameters, signal, isAgain }) {
  const element = h("div", { class: "map-view" }, h("h1", { class: "unseen" }, "Map"));
  const waiting = h("div", { class: "map-wait" });
  // A map that is there already comes without a step between.
  const early = setTimeout(() => element.append(waiting), 200);
  const opened = mapData(signal, (share) => showWaiting(waiting, share)).then((data) => {
    clearTimeout(early);
    waiting.remove();
    if (signal.aborted) return;
    const before = kept;
    if (before?.data !== data) {
      kept = new MapPlace(data, before);
      before?.close();
    }
    element.append(kept.element);
    if (!isAgain) kept.open(parameters, signal);
  });
  // While a map of what the library is now is drawn, the one that is there stays.
  if (isAgain) { await opened; return element; }
  await Promise.race([opened, new Promise((resolve) => setTimeout(resolve, 150))]);
  opened.catch((error) => {
    clearTimeout(early);
    if (error.name !== "AbortError") waiting.replaceChildren(h("h2", {}, "There is no map yet"), h("p", { role: "alert" }, error.message));
    element.append(waiting);
  });
  return element;
}

function showWaiting(place, share) {
  const percent = Math.round((share ?? 0) * 100);
  if (!place.firstChild) {
    place.append(h("h2", {}, "Akin draws the map"), h("p", { class: "quiet" }, "Songs that sound alike come to lie near each other. Search and albums are there meanwhile."),
      h("progress", { max: 100, "aria-label": "The map" }), h("p", { class: "number quiet" }));
  }
  place.querySelector("progress").value = percent;
  place.lastChild.textContent = `${percent} %`;
}

/** The map with its tools, its legend, and the card of the song that was picked. */
class MapPlace {
  /** If there was a map before, this one takes up what it showed. */
  constructor(data, before) {
    this.data = data;
    const map = new SongMap(data, { label: `Map of ${counted(data.count, "song")}. Arrow keys go from song to song, Enter plays one, plus and minus zoom.` });
    this.map = map;
    this.tip = h("div", { class: "map-tip", "aria-live": "polite" });
    this.card = h("section", { class: "map-card", "aria-label": "Picked on the map", hidden: true });
    this.legend = h("div", { class: "map-legend" });
    this.lassoButton = iconButton("lasso", "Lasso: draw around songs (or hold Shift)", () => this.setLasso(!map.isLassoing), { "aria-pressed": "false" });
    this.intro = this.makeIntro();
    this.colors = h("div", { class: "segments", role: "group", "aria-label": "Colour by" }, Object.entries(modes).map(([mode, label]) =>
      h("button", { type: "button", data: { mode }, "aria-pressed": String(mode === map.mode), onclick: () => this.setMode(mode) }, label)));
    this.element = h("div", { class: "map-place" }, map.element,
      h("div", { class: "map-top" }, this.colors, this.intro),
      h("div", { class: "map-tools", role: "group", "aria-label": "Map tools" }, this.lassoButton,
        iconButton("plus", "Nearer (+)", () => map.zoomBy(1.5)), iconButton("minus", "Farther (−)", () => map.zoomBy(1 / 1.5)), iconButton("fit", "All of it (0)", () => map.show())),
      this.legend, this.tip, this.card);
    map.obstacles = () => [this.intro, this.colors, this.legend, this.card].filter((each) => each.offsetWidth).map((each) => Object.values(this.boxOf(each)));
    map.addEventListener("legend", () => this.showLegend());
    map.addEventListener("drawn", () => this.placeTip());
    map.addEventListener("resized", () => { if (this.selected !== undefined && !this.card.hidden) map.reveal(this.selected, this.boxOf(this.card)); });
    map.addEventListener("hover", (event) => this.showTip(event.detail));
    map.addEventListener("pick", (event) => attempt(() => this.pick(event.detail)));
    map.addEventListener("lasso", (event) => attempt(() => this.choose(event.detail)));
    this.closing = new AbortController();
    queue.addEventListener("change", () => this.follow(), { signal: this.closing.signal });
    this.showLegend();
    map.show();
    if (before) this.takeUp(before);
    this.follow();
  }

  close() {
    this.closing.abort();
    this.map.close();
  }

  takeUp(before) {
    const { data, map } = this;
    this.setMode(before.map.mode);
    if (before.map.zoom > 1.05) map.look(before.map.view, before.map.zoom);
    const [column, value] = before.shownOnly?.split(" ") ?? [];
    const names = { genre: "genres", artist: "artists" }[column];
    if (names && before.map.emphasis) {
      const now = data[names].indexOf(before.data[names][value]);
      if (now >= 0 || value === "-1") this.only(column, now, before.onlyName);
    }
    const rowOf = (row) => data.rows.get(before.data.ids[row]);
    const row = before.selected === undefined ? undefined : rowOf(before.selected);
    if (row !== undefined) attempt(() => this.select(row));
    else if (before.chosen) attempt(() => this.choose(before.chosen.map(rowOf).filter((each) => each !== undefined)));
  }

  makeIntro() {
    const count = number(this.data.count);
    return h("div", { class: "map-intro" }, h("p", { class: "map-title" }, `${count} ${this.data.count === 1 ? "song" : "songs"}, by sound`),
      h("p", { class: "quiet" }, "What sounds alike lies close. Pick a point: it plays, and what sounds like it follows."));
  }

  /** What the address asks to show. */
  open(parameters, signal) {
    const { data, map } = this;
    signal.addEventListener("abort", () => { this.tip.textContent = ""; });
    if (parameters.get("mode") in modes) this.setMode(parameters.get("mode"));
    const rows = (column, names) => {
      const value = names.indexOf(parameters.get(column));
      return value < 0 ? [] : data[column].flatMap((each, row) => (each === value ? [row] : []));
    };
    if (parameters.has("song")) {
      const row = data.rows.get(Number(parameters.get("song")));
      if (row === undefined) tell("That song is not on the map.");
      else attempt(() => this.select(row, { show: true }));
    }
    for (const [column, names] of [["genre", data.genres], ["artist", data.artists]]) {
      if (!parameters.has(column)) continue;
      const found = rows(column, names);
      if (!found.length) { tell(`“${parameters.get(column)}” is not on the map.`); continue; }
      this.only(column, names.indexOf(parameters.get(column)), parameters.get(column));
      map.show(found);
    }
    map.draw();
  }

  setMode(mode) {
    this.map.setMode(mode);
    for (const one of this.colors.children) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
  }

  setLasso(isOn) {
    this.map.isLassoing = isOn;
    this.lassoButton.setAttribute("aria-pressed", String(isOn));
    this.map.element.classList.toggle("lassoing", isOn);
  }

  /** Shows only the songs of a genre or an artist; the same again shows all. */
  only(column, value, name) {
    const { data, map } = this;
    const again = this.shownOnly === `${column} ${value}` && map.emphasis;
    this.shownOnly = again ? undefined : `${column} ${value}`;
    this.onlyName = again ? undefined : name;
    map.emphasize(again ? undefined : (row) => data[column][row] === value);
  }

  showLegend() {
    const { map, legend } = this;
    const meaning = map.legend;
    if (meaning.entries) {
      const column = map.mode;
      const entries = meaning.entries.map((entry) => h("button", { type: "button", "aria-pressed": String(Boolean(map.emphasis) && this.shownOnly === `${column} ${entry.value}`), onclick: () => this.only(column, entry.value, entry.name) },
        h("span", { class: "dot", style: { background: entry.color } }), h("span", { class: "legend-name" }, entry.name), h("span", { class: "number quiet" }, number(entry.count))));
      if (meaning.none) entries.push(h("button", { type: "button", "aria-pressed": String(Boolean(map.emphasis) && this.shownOnly === `${column} -1`), onclick: () => this.only(column, -1, meaning.none.name) },
        h("span", { class: "dot", style: { background: meaning.none.color } }), h("span", { class: "legend-name quiet" }, meaning.none.name), h("span", { class: "number quiet" }, number(meaning.none.count))));
      if (meaning.rest) entries.push(h("span", { class: "legend-rest quiet" }, h("span", { class: "dot", style: { background: meaning.rest.color } }), `${number(meaning.rest.count)} more`));
      if (map.emphasis && this.shownOnly !== `${column} -1` && !meaning.entries.some((entry) => this.shownOnly === `${column} ${entry.value}`)) {
        entries.unshift(h("button", { type: "button", "aria-pressed": "true", onclick: () => { this.shownOnly = undefined; map.emphasize(); } }, h("span", { class: "legend-name" }, this.onlyName), icon("close")));
      }
      legend.replaceChildren(...entries);
    } else if (meaning.isKnown) {
      const text = (value) => (map.mode === "tempo" ? `${Math.round(value)} bpm` : String(value));
      legend.replaceChildren(h("span", { class: "legend-ramp" }, h("span", { class: "number" }, text(meaning.low)),
        h("span", { class: "ramp", style: { background: `linear-gradient(90deg, ${meaning.ramp.join(", ")})` } }), h("span", { class: "number" }, text(meaning.high))));
    } else {
      legend.replaceChildren(h("span", { class: "quiet" }, `Nothing is known of the ${modes[map.mode].toLowerCase()} of these songs.`));
    }
  }

  showTip(row) {
    const { tip, map } = this;
    tip.hidden = row < 0;
    if (row < 0) return;
    const [artist, ...title] = this.data.titles[row].split(" – ");
    const facts = [this.data.genres[this.data.genre[row]], this.data.year[row], this.data.tempo[row] && `${Math.round(this.data.tempo[row])} bpm`].filter(Boolean).join(" · ");
    fill(tip, h("strong", {}, title.join(" – ") || artist), title.length > 0 && h("span", {}, artist), facts && h("span", { class: "quiet number" }, facts));
    this.placeTip();
  }

  placeTip() {
    const { tip, map } = this;
    if (map.hovered < 0 || tip.hidden) return;
    const [x, y] = map.rowOnScreen(map.hovered);
    const aside = this.card.offsetWidth && this.card.offsetWidth < map.view.width * 0.7 ? this.card.offsetWidth + 16 : 0;
    const [edge, wide] = [map.view.width - aside, tip.offsetWidth + 18];
    const isLeft = x + wide > edge && x > wide;
    tip.classList.toggle("left", isLeft);
    tip.classList.toggle("below", y < 110);
    // Where there is room on neither side, it lies over the song.
    tip.style.transform = `translate(${isLeft ? x : Math.min(x, edge - wide)}px, ${y}px)`;
  }

  /** Plays a song, and what sounds like it from there on. */
  async pick(row) {
    const { song } = await get(["songs", this.data.ids[row]]);
    queue.play([song], 0, song.title);
    await Promise.all([this.select(row, { song }), queue.extend()]);
  }

  /** Shows a song's card and its ways to what sounds like it. */
  async select(row, { song, show = false } = {}) {
    const id = this.data.ids[row];
    this.selected = row;
    this.chosen = undefined;
    const [one, similar] = await Promise.all([song ?? get(["songs", id]).then((answer) => answer.song), get(["songs", id, "similar"], { count: 8, why: true })]);
    if (this.selected !== row) return;
    const spokes = similar.songs.map((item) => this.data.rows.get(item.song.id)).filter((each) => each !== undefined);
    Object.assign(this.map.marks, { center: row, spokes, chosen: [] });
    this.showCard(one, similar.songs);
    if (show) this.map.show([row, ...spokes], { most: 8, aside: this.card.offsetWidth + 32 < this.map.view.width ? this.card.offsetWidth : 0 });
    this.map.draw();
    if (!show) this.map.reveal(row, this.boxOf(this.card));
  }

  boxOf(element) {
    const [box, whole] = [element.getBoundingClientRect(), this.element.getBoundingClientRect()];
    return { left: box.left - whole.left, top: box.top - whole.top, right: box.right - whole.left, bottom: box.bottom - whole.top };
  }

  showCard(song, similar) {
    const { card } = this;
    card.hidden = false;
    card.replaceChildren(
      h("header", { class: "card-head" }, songCover(song, 64), h("div", { class: "row-names" },
        h("a", { class: "card-title", href: link.song(song.id) }, song.title), h("span", { class: "row-by quiet" }, artistLinks(song)),
        h("span", { class: "row-by quiet" }, [song.album, song.year].filter(Boolean).join(" · "))),
      iconButton("dots", "More", (event) => songMenu(event.currentTarget, song), { "aria-haspopup": "menu" }), iconButton("close", "Close", () => this.closeCard())),
      h("h2", { class: "card-heading" }, "Sounds like this"),
      similar.length ? h("ol", { class: "rows compact" }, similar.map((item) => {
        const row = songRow(item.song, { plain: true, similarity: item.similarity, below: item.why && reason(item.why), onplay: () => attempt(() => this.pick(this.data.rows.get(item.song.id) ?? this.selected)) });
        row.addEventListener("pointerenter", () => { this.map.hovered = this.data.rows.get(item.song.id) ?? -1; this.map.draw(); });
        row.addEventListener("pointerleave", () => { this.map.hovered = -1; this.map.draw(); });
        return row;
      })) : h("p", { class: "quiet" }, "Nothing does, yet."));
    card.scrollTop = 0;
  }

  closeCard() {
    this.selected = this.chosen = undefined;
    this.card.hidden = true;
    Object.assign(this.map.marks, { center: undefined, spokes: [], chosen: [] });
    this.map.draw();
    this.map.overlay.focus({ preventScroll: true, focusVisible: false });
  }

  /** What a lasso caught: to play, to save, or as seeds. */
  async choose(rows) {
    this.setLasso(false);
    if (!rows.length) { tell("There are no songs inside."); return; }
    this.selected = undefined;
    this.chosen = rows;
    Object.assign(this.map.marks, { center: undefined, spokes: [], chosen: rows });
    this.map.draw();
    const most = 500;
    const ids = rows.slice(0, most).map((row) => this.data.ids[row]);
    const songs = (await Promise.all(ids.slice(0, 100).map((id) => get(["songs", id])))).map((answer) => answer.song);
    if (this.chosen !== rows) return;
    this.showChosen(rows, ids, songs);
  }

  showChosen(rows, ids, songs) {
    const { card } = this;
    const name = this.nameOf(rows);
    card.hidden = false;
    card.replaceChildren(
      h("header", { class: "card-head" }, h("div", { class: "row-names" }, h("h2", { class: "card-title" }, name), h("span", { class: "quiet" }, `${counted(rows.length, "song")} inside${rows.length > songs.length ? `; the first ${songs.length} are shown` : ""}`)),
        iconButton("close", "Close", () => this.closeCard())),
      h("div", { class: "actions" },
        button("Play", () => queue.play(songs, 0, name), { symbol: "play", kind: "primary" }),
        button("Endless", () => attempt(() => queue.endless([{ songs: ids }], `Endless, from ${name}`)), { symbol: "endless" }),
        button("M3U8", () => attempt(() => savePlaylist(songs, name)), { symbol: "save", "aria-label": "Save as M3U8" }),
        h("a", { class: "button", href: link.playlist({ like: ids.slice(0, 100).map((id) => `song:${id}`) }) }, "As seeds")),
      h("ol", { class: "rows compact" }, songs.map((song, index) => songRow(song, { plain: true, onplay: () => queue.play(songs, index, name) }))));
    card.scrollTop = 0;
  }

  /** What most of some songs are. */
  nameOf(rows) {
    for (const [column, names] of [["artist", this.data.artists], ["genre", this.data.genres]]) {
      const counts = new Map();
      for (const row of rows) counts.set(this.data[column][row], (counts.get(this.data[column][row]) ?? 0) + 1);
      const [value, count] = [...counts].sort((one, other) => other[1] - one[1])[0];
      if (value >= 0 && count > rows.length / 2) return `Around ${names[value]}`;
    }
    return "A corner of the map";
  }

  /** Marks what plays, and the way that led there. */
  follow() {
    const { map, data } = this;
    const row = data.rows.get(queue.song?.id);
    const was = map.marks.playing;
    map.marks.playing = row;
    map.marks.trail = queue.items.slice(Math.max(0, queue.at - 12), queue.at + 1).map((item) => data.rows.get(item.song.id)).filter((each) => each !== undefined);
    // The card goes along with what plays, unless something else was picked.
    if (row !== was && row !== undefined && this.selected === was && was !== undefined && this.element.isConnected) attempt(() => this.select(row, { song: queue.song }));
    map.draw();
  }
}
