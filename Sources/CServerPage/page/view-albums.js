import { get } from "./api.js";
import { albumCard } from "./cards.js";
import { counted, h } from "./dom.js";
import { link } from "./links.js";
import { cardSize, virtualGrid } from "./virtual.js";

const orders = { name: "By name", artist: "By artist", year: "By year", newest: "Newest first" };

/** A grid of albums, of any number. */
export async function albumGrid(parameters, signal) {
  const page = async (offset, count) => (await get("albums", { ...parameters, offset, count }, signal)).items;
  const { total, items } = await get("albums", { ...parameters, count: 120 }, signal);
  return { total, grid: virtualGrid({ total, first: items, page, item: (album) => albumCard(album), size: cardSize(168, 62), signal, label: "Albums" }) };
}

export async function view({ parameters, signal }) {
  const order = orders[parameters.get("order")] ? parameters.get("order") : "name";
  const { total, grid } = await albumGrid({ order }, signal);
  const select = h("select", { class: "select", "aria-label": "Order", onchange: () => { location.hash = link.albums({ order: select.value }); } },
    Object.entries(orders).map(([value, label]) => h("option", { value, selected: value === order }, label)));
  return h("div", { class: "view" }, h("header", { class: "title" }, h("h1", {}, "Albums"), h("span", { class: "quiet number" }, counted(total, "album")), select), grid);
}
