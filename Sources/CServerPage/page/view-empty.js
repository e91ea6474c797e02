import { button, h } from "./dom.js";
import { tell } from "./notice.js";

const command = "akin index ~/Music";

/** A library without songs, and what to do. */
export function view() {
  return h("div", { class: "view" }, h("div", { class: "empty" },
    h("h1", {}, "Akin has heard nothing yet"),
    h("p", {}, "Let it listen to your music. In a terminal, with the folder where yours is:"),
    h("div", { class: "command" }, h("code", {}, command), button("Copy", async () => { await navigator.clipboard.writeText(command); tell("Copied."); }, { kind: "plain" })),
    h("p", { class: "quiet" }, "It takes about a minute for a thousand songs. This page follows by itself.")));
}
