import { get, Problem } from "./api.js";
import { button, counted, h, iconButton } from "./dom.js";
import { link } from "./links.js";
import { attempt, openMenu } from "./notice.js";
import { queue } from "./queue.js";
import { block, songRow } from "./song-row.js";
import { albumGrid } from "./view-albums.js";

const step = 20;
/** So many songs of a genre are played one after the other; an endless queue has more. */
const most = 500;

/** A genre: its songs, and its albums. */
export async function view({ argument: name, signal, shown = 0 }) {
  const page = (offset, count = step) => get("songs", { genre: name, offset, count }, signal);
  const play = async () => queue.play((await page(0, most)).items, 0, name);
  const [{ total, grid }, first] = await Promise.all([albumGrid({ genre: name }, signal), page(0, Math.max(step, shown))]);
  if (!first.total && !total) throw new Problem(`The library has no genre “${name}”.`, 404);
  return h("div", { class: "view" }, h("header", { class: "head" }, h("div", { class: "head-text" }, h("h1", {}, name),
    h("p", { class: "quiet number" }, [counted(first.total, "song"), counted(total, "album")].join(" · ")),
    h("div", { class: "actions" },
      button("Play", () => attempt(play), { symbol: "play", kind: "primary", disabled: first.total === 0 }),
      button("Endless queue", () => attempt(() => queue.endless([{ genre: name }], `Endless, from ${name}`)), { symbol: "endless" }),
      h("a", { class: "button", href: link.map({ genre: name }) }, "Show on the map"),
      iconButton("dots", "More", (event) => openMenu(event.currentTarget, [
        { label: "Playlist from this", symbol: "playlist", href: link.playlist({ like: `genre:${name}` }) },
        { label: "Never recommend this genre", symbol: "block", run: () => block({ genre: name }, name) },
      ]), { "aria-haspopup": "menu" })))),
    first.total > 0 && h("section", { class: "section" }, h("h2", {}, "Songs"), songsOf(first, page, name)),
    total > 0 && h("section", { class: "section" }, h("h2", {}, "Albums"), grid));
}

function songsOf(first, page, name) {
  const songs = [];
  const list = h("ol", { class: "rows" });
  const more = button("Show more", () => attempt(async () => add(await page(songs.length))));
  function add({ items, total }) {
    list.append(...items.map((song) => songRow(song, { onplay: () => queue.play(songs, songs.indexOf(song), name) })));
    songs.push(...items);
    list.dataset.shown = songs.length;
    more.hidden = songs.length >= total;
  }
  add(first);
  return h("div", {}, list, more);
}
