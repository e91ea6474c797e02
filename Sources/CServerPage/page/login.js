"use strict";

// The server answers with a cookie that no script can read.
document.getElementById("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [name, password, failure] = ["name", "password", "failure"].map((id) => document.getElementById(id));
  failure.textContent = "";
  try {
    const answer = await fetch("api/v1/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name: name.value, password: password.value }),
    });
    // Where the page was left is behind the "#".
    if (answer.ok) return location.replace("./" + location.hash);
    const { detail } = await answer.json();
    failure.textContent = `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
  } catch {
    failure.textContent = "The server does not answer.";
  }
  password.select();
});
