import { button, h } from "./dom.js";
import { tell } from "./notice.js";

/** What makes Akin listen to a folder, for this library: it need not be the one that `akin` takes by itself. */
export function indexCommand(library) {
  const isPlain = /^[\w@%+=:,./-]+$/.test(library);
  return `akin index ~/Music --library ${isPlain ? library : `'${library.replaceAll("'", "'\\''")}'`}`;
}

/** The command, to be copied. */
export function commandBox(command) {
  // Only what is reached securely may write to the clipboard.
  const copy = navigator.clipboard && button("Copy", async () => { await navigator.clipboard.writeText(command); tell("Copied."); }, { kind: "plain" });
  return h("div", { class: "command" }, h("code", {}, command), copy);
}

/** A library without songs, and what to do. */
export function view({ library }) {
  return h("div", { class: "view" }, h("div", { class: "empty" },
    h("h1", {}, "Akin has heard nothing yet"),
    h("p", {}, "Let it listen to your music. In a terminal, with the folder where yours is:"),
    commandBox(indexCommand(library)),
    h("p", { class: "quiet" }, "It takes about a minute for a thousand songs. This page follows by itself.")));
}
