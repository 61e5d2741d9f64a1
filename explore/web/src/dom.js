// Elements made and filled. Text goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function say(id, text) {
  byId(id).textContent = text;
}

// Text for a tooltip, which the plotting library takes as markup.
export function escaped(text) {
  return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

// A list of selectable rows: one stop of the tab order, arrow keys inside. `select(row)` is called when
// the focus moves and on a click.
export function rowKeys(body, select) {
  body.addEventListener("keydown", (event) => {
    const rows = [...body.rows];
    const at = rows.indexOf(event.target.closest("tr"));
    const page = 10;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + page, PageUp: at - page }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    row.focus();
    select(row);
  });
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row) select(row);
  });
}
