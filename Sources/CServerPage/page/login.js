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
    if (answer.ok) return location.replace("./");
    failure.textContent = (await answer.json()).detail;
  } catch {
    failure.textContent = "The server does not answer.";
  }
  password.select();
});
