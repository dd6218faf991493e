"use strict";

const key = document.getElementById("key");
const query = document.getElementById("query");
const answer = document.getElementById("answer");
const took = document.getElementById("took");

async function run() {
  const start = performance.now();
  took.textContent = "…";
  try {
    const response = await fetch("graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(key.value && { Authorization: `Bearer ${key.value}` }) },
      body: JSON.stringify({ query: query.value }),
    });
    const text = await response.text();
    try {
      answer.textContent = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      answer.textContent = text;
    }
    took.textContent = `${response.status}, ${Math.round(performance.now() - start)} ms`;
  } catch (error) {
    answer.textContent = String(error);
    took.textContent = "";
  }
}

async function showStatus() {
  const status = document.getElementById("status");
  try {
    const response = await fetch("readyz");
    const health = await response.json();
    status.textContent = health.message ?? "Odoo answers.";
    status.className = response.ok ? "ready" : "down";
  } catch {
    status.textContent = "The gateway does not answer.";
    status.className = "down";
  }
}

// The key is kept for this tab alone.
key.value = sessionStorage.getItem("key") ?? key.value;
key.addEventListener("change", () => sessionStorage.setItem("key", key.value));
document.getElementById("run").addEventListener("click", run);
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});
showStatus();
