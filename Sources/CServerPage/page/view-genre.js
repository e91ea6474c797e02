import { get } from "./api.js";
import { button, counted, h, iconButton } from "./dom.js";
import { link } from "./links.js";
import { attempt, openMenu } from "./notice.js";
import { queue } from "./queue.js";
import { block, songRow } from "./song-row.js";
import { albumGrid } from "./view-albums.js";

const step = 20;

/** A genre: its songs, and its albums. */
export async function view({ argument: name, signal }) {
  const page = (offset) => get("songs", { genre: name, offset, count: step }, signal);
  const [{ total, grid }, first] = await Promise.all([albumGrid({ genre: name }, signal), page(0)]);
  return h("div", { class: "view" }, h("header", { class: "head" }, h("div", { class: "head-text" }, h("h1", {}, name),
    h("p", { class: "quiet number" }, [counted(first.total, "song"), counted(total, "album")].join(" · ")),
    h("div", { class: "actions" },
      button("Endless queue", () => attempt(() => queue.endless([{ genre: name }], `Endless, from ${name}`)), { symbol: "endless", kind: "primary" }),
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
    list.append(...items.map((song, index) => songRow(song, { onplay: () => queue.play(songs, songs.indexOf(song), name), leading: songs.length + index + 1 })));
    songs.push(...items);
    more.hidden = songs.length >= total;
  }
  add(first);
  return h("div", {}, list, more);
}
