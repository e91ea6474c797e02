// How long a playlist is, how varied, and what may come in it.

import { h, iconButton, settled } from "./dom.js";

let identity = 0;

function labelled(label, field) {
  field.id = `option-${identity += 1}`;
  return h("div", { class: "option" }, h("label", { class: "label", for: field.id }, label), field);
}

/** The options of a playlist; `change` is called when one changes. */
export function filterEditor(genres, first, change) {
  const soon = settled(150, change);
  const whole = (value, attributes) => h("input", { type: "number", class: "field narrow", inputmode: "numeric", value, onchange: change, ...attributes });
  const slider = (label) => h("input", { type: "range", class: "range", min: 0, max: 100, value: 0, oninput: (event) => { event.target.style.setProperty("--value", event.target.value / 100); soon(); }, "aria-label": label });
  const select = (options) => h("select", { class: "select", onchange: change }, options.map(([value, label]) => h("option", { value }, label)));

  const length = whole(first.count ?? 20, { min: 1, max: 1000 });
  const unit = select([["count", "songs"], ["minutes", "minutes"]]);
  unit.setAttribute("aria-label", "Songs or minutes");
  const [variety, surprise] = [slider("Variety"), slider("Surprise")];
  const perArtist = select([["", "any"], ["1", "1"], ["2", "2"], ["3", "3"], ["5", "5"]]);
  const played = select([["", "may come"], [86_400, "not of the last day"], [604_800, "not of the last week"], [2_592_000, "not of the last month"]]);
  const years = [whole("", { placeholder: "from", min: 0, max: 3000, "aria-label": "From year" }), whole("", { placeholder: "to", min: 0, max: 3000, "aria-label": "To year" })];
  const tempo = [whole("", { placeholder: "from", min: 0, max: 400, "aria-label": "From beats a minute" }), whole("", { placeholder: "to", min: 0, max: 400, "aria-label": "To beats a minute" })];

  const clauses = [];
  const chips = h("ul", { class: "chips", hidden: true });
  function genreSelect(kind, label) {
    const field = select([["", label], ...genres.map((genre) => [genre.name, `${genre.name} (${genre.songs})`])]);
    field.setAttribute("aria-label", label);
    field.addEventListener("change", () => {
      if (!field.value) return;
      clauses.push({ kind, genre: field.value });
      field.value = "";
      showChips();
      change();
    });
    return field;
  }
  function showChips() {
    chips.hidden = clauses.length === 0;
    chips.replaceChildren(...clauses.map((clause, index) => h("li", { class: "chip" }, h("span", { class: "quiet" }, clause.kind), h("span", { class: "chip-name" }, clause.genre),
      iconButton("close", `Remove ${clause.kind} ${clause.genre}`, () => { clauses.splice(index, 1); showChips(); change(); }))));
  }

  const range = ([from, to], low, high) => (from.value || to.value ? [[Number(from.value || low), Number(to.value || high)].sort((one, other) => one - other)] : []);
  function filter() {
    const only = [
      ...clauses.filter((clause) => clause.kind === "only").map(({ genre }) => ({ genre })),
      ...range(years, 0, 3000).map((value) => ({ years: value })), ...range(tempo, 0, 400).map((value) => ({ tempo: value }))];
    const not = clauses.filter((clause) => clause.kind === "not").map(({ genre }) => ({ genre }));
    return { ...(only.length ? { only } : {}), ...(not.length ? { not } : {}) };
  }
  const shared = () => ({
    ...filter(), variety: variety.value / 100, surprise: surprise.value / 100,
    ...(perArtist.value ? { perArtist: Number(perArtist.value) } : {}), ...(played.value ? { playedWithin: Number(played.value) } : {}),
  });

  const more = h("details", { class: "more" }, h("summary", {}, "Filters and variety"),
    h("div", { class: "options-grid" },
      labelled("Variety", variety), labelled("Surprise", surprise), labelled("Songs of an artist, at most", perArtist), labelled("What was played", played),
      h("div", { class: "option" }, h("span", { class: "label" }, "Years"), h("div", { class: "pair" }, years)),
      h("div", { class: "option" }, h("span", { class: "label" }, "Beats a minute"), h("div", { class: "pair" }, tempo)),
      h("div", { class: "option" }, h("span", { class: "label" }, "Genres"), h("div", { class: "pair" }, genreSelect("only", "Only …"), genreSelect("not", "Not …")))), chips);
  const path = [perArtist.parentElement, variety.parentElement, surprise.parentElement];
  return {
    element: h("div", { class: "filters" }, h("div", { class: "length" }, labelled("Length", length), unit), more),
    setKind(kind) {
      // A path has a number of songs, and its steps decide the rest.
      unit.hidden = kind === "path";
      for (const one of path) one.hidden = kind === "path";
    },
    body(kind) {
      const count = Math.min(1000, Math.max(kind === "path" ? 2 : 1, Math.round(Number(length.value)) || 20));
      if (kind === "path") return { ...filter(), count, ...(played.value ? { playedWithin: Number(played.value) } : {}) };
      return { ...shared(), [unit.value]: count };
    },
    queueOptions: shared,
  };
}
