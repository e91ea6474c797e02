// How long a playlist is, how varied, and what may come in it.

import { h, iconButton, settled } from "./dom.js";
import { tell } from "./notice.js";

let identity = 0;

function labelled(label, field) {
  field.id = `option-${identity += 1}`;
  return h("div", { class: "option" }, h("label", { class: "label", for: field.id }, label), field);
}

/** A slider from 0 to 100, with its value and what it does. */
function slider(label, sentence, value, change) {
  const shown = h("span", { class: "option-value number quiet", "aria-hidden": "true" });
  const does = h("p", { class: "option-does quiet", id: `option-${identity += 1}` }, sentence);
  const show = () => {
    range.style.setProperty("--value", range.value / 100);
    shown.textContent = `${range.value} %`;
    range.setAttribute("aria-valuetext", shown.textContent);
  };
  const range = h("input", { type: "range", class: "range", min: 0, max: 100, value, "aria-describedby": does.id, oninput: () => { show(); change(); } });
  const element = labelled(label, range);
  element.querySelector("label").append(" ", shown);
  element.append(does);
  show();
  return range;
}

/** Years and tempos that nothing is beyond: where a range is open. */
const highest = { years: 3000, tempo: 400 };

/** What the server says of a range, as one asked for it: the end that was left open is not named. */
export function rangeWords(text) {
  const parts = [["of the year|year", highest.years, (value) => value], ["of the tempo|tempo", highest.tempo, (value) => `${value} bpm`]];
  return parts.reduce((result, [names, most, value]) => result
    .replace(new RegExp(`\\b(?:${names}) (\\d+) to ${most}\\b`), (_, from) => `from ${value(from)} on`)
    .replace(new RegExp(`\\b(?:${names}) 0 to (\\d+)\\b`), (_, to) => `up to ${value(to)}`)
    .replace(new RegExp(`\\b(?:${names}) (\\d+) to (\\d+)\\b`), (_, from, to) => `from ${from} to ${value(to)}`)
    .replace(new RegExp(`\\b(?:${names}) (\\d+)\\b`), (_, one) => `of ${value(one)}`), text);
}

/** The options of a playlist, as an address has them (`first`); `change` is called when one changes. */
export function filterEditor(genres, first, change) {
  const soon = settled(150, change);
  const whole = (value, attributes) => h("input", { type: "number", class: "field narrow", inputmode: "numeric", value, onchange: change, ...attributes });
  const select = (options, chosen) => h("select", { class: "select", onchange: change }, options.map(([value, label]) => h("option", { value, selected: String(value) === chosen }, label)));
  const given = (name) => first.get(name) ?? "";
  const share = (name) => Math.min(100, Math.max(0, Math.round(Number(given(name))) || 0));

  const length = whole(given("count") || given("minutes") || 20, { min: 1, max: 1000 });
  const unit = select([["count", "songs"], ["minutes", "minutes"]], first.has("minutes") ? "minutes" : "count");
  unit.setAttribute("aria-label", "Songs or minutes");
  const variety = slider("Variety", "0 takes the songs that are nearest; more takes songs that are unlike each other.", share("variety"), soon);
  const surprise = slider("Surprise", "How much chance has a say: more lets songs from farther away in.", share("surprise"), soon);
  const perArtist = select([["", "any"], ["1", "1"], ["2", "2"], ["3", "3"], ["5", "5"]], given("perArtist"));
  const played = select([["", "may come"], [86_400, "not of the last day"], [604_800, "not of the last week"], [2_592_000, "not of the last month"]], given("playedWithin"));
  const pair = (name, from, to) => {
    const [low = "", high = ""] = given(name).split("-");
    const attributes = { min: 0, max: highest[name] };
    return [whole(low, { placeholder: "from", "aria-label": from, ...attributes, onchange: () => ordered(name) }), whole(high, { placeholder: "to", "aria-label": to, ...attributes, onchange: () => ordered(name) })];
  };
  const fields = { years: pair("years", "From year", "To year"), tempo: pair("tempo", "From beats a minute", "To beats a minute") };
  /** From later to earlier is taken as from earlier to later, and shown so. */
  function ordered(name) {
    const [from, to] = fields[name];
    if (from.value && to.value && Number(from.value) > Number(to.value)) {
      [from.value, to.value] = [to.value, from.value];
      tell(`The smaller number comes first: from ${from.value} to ${to.value}.`);
    }
    change();
  }

  const clauses = ["only", "not"].flatMap((kind) => first.getAll(kind).map((genre) => ({ kind, genre })));
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

  const range = (name) => {
    const [from, to] = fields[name].map((field) => field.value && Math.min(highest[name], Math.max(0, Math.round(Number(field.value)))));
    return from !== "" || to !== "" ? [[Number(from || 0), Number(to === "" ? highest[name] : to)].sort((one, other) => one - other)] : [];
  };
  function filter() {
    const only = [
      ...clauses.filter((clause) => clause.kind === "only").map(({ genre }) => ({ genre })),
      ...range("years").map((value) => ({ years: value })), ...range("tempo").map((value) => ({ tempo: value }))];
    const not = clauses.filter((clause) => clause.kind === "not").map(({ genre }) => ({ genre }));
    return { ...(only.length ? { only } : {}), ...(not.length ? { not } : {}) };
  }
  const shared = () => ({
    ...filter(), variety: variety.value / 100, surprise: surprise.value / 100,
    ...(perArtist.value ? { perArtist: Number(perArtist.value) } : {}), ...(played.value ? { playedWithin: Number(played.value) } : {}),
  });

  const more = h("details", { class: "more" }, h("summary", {}, "Filters and variety"),
    h("div", { class: "options-grid" },
      variety.parentElement, surprise.parentElement, labelled("Songs of an artist, at most", perArtist), labelled("What was played", played),
      h("div", { class: "option" }, h("span", { class: "label" }, "Years"), h("div", { class: "pair" }, fields.years)),
      h("div", { class: "option" }, h("span", { class: "label" }, "Beats a minute"), h("div", { class: "pair" }, fields.tempo)),
      h("div", { class: "option" }, h("span", { class: "label" }, "Genres"), h("div", { class: "pair" }, genreSelect("only", "Only …"), genreSelect("not", "Not …")))), chips);
  showChips();
  more.open = ["variety", "surprise", "perArtist", "playedWithin", "years", "tempo", "only", "not"].some((name) => first.has(name));
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
    /** What an address needs to name, so that it brings all of this back. */
    parameters() {
      const text = (name) => fields[name].map((field) => field.value).join("-").replace(/^-$/, "");
      const of = (kind) => clauses.filter((clause) => clause.kind === kind).map((clause) => clause.genre);
      return {
        [unit.value]: length.value === "20" && unit.value === "count" ? "" : length.value, variety: Number(variety.value) || "", surprise: Number(surprise.value) || "",
        perArtist: perArtist.value, playedWithin: played.value, years: text("years"), tempo: text("tempo"), only: of("only"), not: of("not"),
      };
    },
  };
}
