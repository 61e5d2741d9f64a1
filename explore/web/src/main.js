// Joins the parts: a folder is open, one of its designs is selected, and every section shows that.
import { data, designOf, Evaluations } from "./data.js";
import { showDesign } from "./design.js";
import { Designs } from "./designs.js";
import { byId, say } from "./dom.js";
import { showJobs } from "./jobs.js";
import { Limits } from "./limits.js";
import { Mesh } from "./mesh.js";
import { Search } from "./search.js";

let folder, evaluations;
const designs = new Designs(select), mesh = new Mesh(), limits = new Limits(), search = new Search(select);
const markJob = showJobs(open);

// `row` of the evaluations; null for a final design that was not searched.
function select(row) {
  const design = designOf(folder, evaluations, row);
  showDesign(folder, evaluations, design);
  designs.select(row);
  search.select(row);
  mesh.show(design, folder.unit);
  limits.show(design, folder.unit);
}

function open(index) {
  folder = data.folders[index];
  evaluations = new Evaluations(folder);
  const title = `${folder.workload} at ${folder.node}, ${folder.mode}`;
  document.title = `${title} – tilewright explore`;
  say("title", title);
  const { options, ppa } = folder;
  say("provenance", [options.agent && `searcher ${options.agent}`, options.seed !== undefined && `seed ${options.seed}`, `fidelity ${ppa.level}`,
    options.calibration && `${options.calibration} calibration`, `scored against ${ppa.reference}`,
    folder.assumed.length && `assumes ${folder.assumed.join(", ")}`].filter(Boolean).join(" · "));
  markJob(index);
  designs.show(folder, evaluations);
  search.show(folder, evaluations);
  select(evaluations.final);
}

byId("to-final").addEventListener("click", () => select(evaluations.final));
say("made", `Written by tilewright ${data.program}.`);
open(0);
document.documentElement.dataset.ready = "yes";
