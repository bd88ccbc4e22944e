// The status page: readiness without a token, leads with one. The token stays in this page's memory.
"use strict";

function row(table, cells, tag) {
  const tr = table.insertRow();
  for (const [text, kind] of cells) {
    const cell = document.createElement(tag || "td");
    cell.textContent = text == null ? "" : String(text);
    if (kind) cell.className = kind;
    tr.append(cell);
  }
}

async function showChecks() {
  const table = document.getElementById("checks");
  table.replaceChildren();
  try {
    const answer = await (await fetch("/readyz")).json();
    for (const c of answer.checks) row(table, [[c.ok ? "ok" : "not ok", c.ok ? "ok" : "bad"], [c.name], [c.detail]]);
  } catch (e) {
    row(table, [["the gateway does not answer", "bad"]]);
  }
}

async function showLeads(event) {
  event.preventDefault();
  const note = document.getElementById("note");
  const table = document.getElementById("leads");
  const token = document.getElementById("token").value;
  table.replaceChildren();
  note.textContent = "";
  try {
    const response = await fetch("/api/v1/leads?limit=50", { headers: { Authorization: "Bearer " + token } });
    const answer = await response.json();
    if (!response.ok) {
      note.textContent = answer.detail || answer.title;
      return;
    }
    const names = [...new Set(answer.items.flatMap((i) => Object.keys(i)))].filter((k) => typeof answer.items[0][k] !== "object");
    row(table, names.map((n) => [n]), "th");
    for (const item of answer.items) row(table, names.map((n) => [item[n]]));
    if (answer.items.length === 0) note.textContent = "No leads yet.";
  } catch (e) {
    note.textContent = "The gateway does not answer.";
  }
}

document.getElementById("form").addEventListener("submit", showLeads);
showChecks();
setInterval(showChecks, 5000);
