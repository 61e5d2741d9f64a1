// The jobs of a sweep: one line each, one of them open.
import { data } from "./data.js";
import { byId, make, rowKeys } from "./dom.js";
import { kPower, num, unitFor } from "./format.js";

export function showJobs(onOpen) {
  const { folders } = data;
  if (folders.length < 2) return () => {};
  for (const id of ["jobs", "jobs-link", "folder-label"]) byId(id).hidden = false;
  const [unit, one] = unitFor(Math.max(...folders.map(({ ppa }) => ppa.power_mw)), kPower);
  const columns = [
    ["Job", ({ name }) => name, true],
    ["Mesh", ({ actions }) => `${actions[0]} × ${actions[1]}`],
    [`Rate [${folders[0].unit}/s]`, ({ ppa }) => num(ppa.tok_s)],
    [`Power [${unit}]`, ({ ppa }) => num(ppa.power_mw / one)],
    ["Area [mm²]", ({ ppa }) => num(ppa.area_mm2)],
    ["Score", ({ ppa }) => num(ppa.score, 5)],
    ["Constraints", ({ ppa }) => (ppa.feasible ? "kept" : "broken"), true],
    ["Binds", ({ ppa }) => ppa.ceilings.binding, true],
  ];
  const table = byId("jobs-table");
  table.createTHead().append(make("tr", {}, ...columns.map(([label, , left]) => make("th", { scope: "col", class: left ? "t" : false }, label))));
  const body = table.createTBody();
  body.append(...folders.map((folder, i) => make("tr", { "data-folder": i, tabindex: -1 },
    ...columns.map(([, of, left]) => make("td", { class: left ? "t" : false }, of(folder))))));
  rowKeys(body, (row) => onOpen(Number(row.dataset.folder)));
  const select = byId("folder");
  select.append(...folders.map(({ name }, i) => make("option", { value: i }, name)));
  select.addEventListener("change", () => onOpen(Number(select.value)));
  return (open) => {
    select.value = String(open);
    [...body.rows].forEach((row, i) => {
      row.setAttribute("aria-selected", String(i === open));
      row.tabIndex = i === open ? 0 : -1;
    });
  };
}
