import { get } from "./api.js";
import { counted, h } from "./dom.js";
import { link } from "./links.js";
import { emptyPanel } from "./notice.js";

export async function view({ signal }) {
  const { total, items } = await get("genres", { count: 1000 }, signal);
  const most = Math.max(...items.map((genre) => genre.songs), 1);
  const sorted = items.toSorted((one, other) => other.songs - one.songs);
  return h("div", { class: "view" }, h("header", { class: "title" }, h("h1", {}, "Genres"), h("span", { class: "quiet number" }, counted(total, "genre"))),
    total === 0 ? emptyPanel("No genres", "None of the files has a genre in its tags.")
      : h("ul", { class: "genres" }, sorted.map((genre) => h("li", {}, h("a", { href: link.genre(genre.name) },
        h("span", { class: "genre-name" }, genre.name), h("span", { class: "bar", "aria-hidden": "true", style: { "--value": genre.songs / most } }),
        h("span", { class: "quiet number" }, [counted(genre.songs, "song"), counted(genre.albums, "album")].join(" · ")))))));
}
