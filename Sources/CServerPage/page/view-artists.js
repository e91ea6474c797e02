import { get } from "./api.js";
import { artistCard } from "./cards.js";
import { counted, h } from "./dom.js";
import { cardSize, virtualGrid } from "./virtual.js";

export async function view({ signal }) {
  const page = async (offset, count) => (await get("artists", { offset, count }, signal)).items;
  const { total, items } = await get("artists", { count: 120 }, signal);
  const grid = virtualGrid({ total, first: items, page, item: (artist) => artistCard(artist), size: cardSize(148, 58), signal, label: "Artists" });
  return h("div", { class: "view" }, h("header", { class: "title" }, h("h1", {}, "Artists"), h("span", { class: "quiet number" }, counted(total, "artist"))), grid);
}
