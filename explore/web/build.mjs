// node build.mjs MODULES OUT.cpp: bundles src/ with the plotting library of MODULES/node_modules into one HTML page
// without data, and writes it as a C++ file.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, out] = process.argv.slice(2).map((path) => resolve(path));
const source = join(dirname(fileURLToPath(import.meta.url)), "src");
const esbuild = createRequire(join(modules, "package.json"))("esbuild");

async function bundled(entry, options) {
  const result = await esbuild.build({ entryPoints: [join(source, entry)], bundle: true, minify: true, write: false, target: "es2021",
    nodePaths: [join(modules, "node_modules")], legalComments: "none", logLevel: "warning", ...options });
  return result.outputFiles[0].text.trim();
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

// Every file that a bundled package asks to be passed on.
function notices() {
  const files = { echarts: ["NOTICE", "LICENSE", "licenses/LICENSE-d3"], zrender: ["LICENSE"], tslib: ["LICENSE.txt"] };
  return Object.entries(files).map(([name, list]) => {
    const folder = join(modules, "node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return [`${name} ${version}`, ...list.map((file) => readFileSync(join(folder, file), "utf8").trim())].join("\n\n");
  }).join("\n\n\n");
}

// C++ string literals, short enough for every compiler.
function literals(text) {
  const kMark = "PAGE";
  if (text.includes(`)${kMark}"`)) throw new Error("the page holds the end of its own literal");
  return text.match(/[^]{1,12000}/gu).map((piece) => `R"${kMark}(${piece})${kMark}"`).join("\n");
}

const parts = {
  STYLE: await bundled("style.css", {}),
  NOTICES: escaped(notices()),
  SCRIPT: await bundled("main.js", { format: "iife" }),
};
const page = readFileSync(join(source, "page.html"), "utf8").replace(/@(STYLE|NOTICES|SCRIPT)@/g, (_, name) => parts[name]);
if (page.split('"@DATA@"').length !== 2) throw new Error("the place of the data is not there exactly once");
writeFileSync(out, `// Written by the build.
#include "explore/page_template.h"

namespace tilewright {

std::string_view page_template() {
  static constexpr char kPage[] =
${literals(page)};
  return {kPage, sizeof(kPage) - 1};
}

}  // namespace tilewright
`);
