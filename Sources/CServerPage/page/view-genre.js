import { get } from "./api.js";
import { button, counted, h, iconButton } from "./dom.js";
import { link } from "./links.js";
import { attempt, openMenu } from "./notice.js";
import { queue } from "./queue.js";
import { block } from "./song-row.js";
import { albumGrid } from "./view-albums.js";

export async function view({ argument: name, signal }) {
  const [{ total, grid }, { items }] = await Promise.all([albumGrid({ genre: name }, signal), get("genres", { count: 1000 }, signal)]);
  const genre = items.find((one) => one.name === name);
  return h("div", { class: "view" }, h("header", { class: "head" }, h("div", { class: "head-text" }, h("h1", {}, name),
    h("p", { class: "quiet number" }, [genre && counted(genre.songs, "song"), counted(total, "album")].filter(Boolean).join(" · ")),
    h("div", { class: "actions" },
      button("Endless queue", () => attempt(() => queue.endless([{ genre: name }], `Endless, from ${name}`)), { symbol: "endless", kind: "primary" }),
      h("a", { class: "button", href: link.map({ genre: name }) }, "Show on the map"),
      iconButton("dots", "More", (event) => openMenu(event.currentTarget, [
        { label: "Playlist from this", symbol: "playlist", href: link.playlist({ like: `genre:${name}` }) },
        { label: "Never recommend this genre", symbol: "block", run: () => block({ genre: name }, name) },
      ]), { "aria-haspopup": "menu" })))), grid);
}
