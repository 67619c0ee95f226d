// Puts docs/demo.html together: one file that needs nothing else and asks for nothing.
//   node page.mjs            after the engine was built (build.sh does both)
//   node page.mjs --check    is the committed page the one of these sources? (tests/wasm.mjs asks the same of its engine)
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { packedIn } from "./engine_of.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const read = (...path) => readFileSync(join(here, ...path), "utf8");

async function bundle(name, define = {}) {
  const options = { bundle: true, minify: true, format: "iife", target: "es2023", charset: "utf8", legalComments: "none", write: false, define };
  const { outputFiles } = await build({ entryPoints: [join(here, "page", name)], ...options });
  return outputFiles[0].text.trim();
}

const worker = await bundle("worker.js");
const script = (await bundle("main.js", { WORKER_SOURCE: JSON.stringify(worker) })).replaceAll("</script", "<\\/script");
const style = read("page/style.css") + read("node_modules/uplot/dist/uPlot.min.css");
const isCheck = process.argv.includes("--check");
const path = join(here, "../docs/demo.html");
// compilers differ from machine to machine, so the engine is compared by what it computes, not by its bytes
// a browser unpacks gzip; zopfli packs it a twentieth smaller than zlib does, in a minute, so what it packed is kept
function pack(file) {
  const kept = `${file}.gz`;
  if (!existsSync(kept) || !gunzipSync(readFileSync(kept)).equals(readFileSync(file))) execFileSync("zopfli", ["--i15", file]);
  return readFileSync(kept).toString("base64");
}
const engine = isCheck ? packedIn(path) : pack(join(here, "target/handover.wasm"));
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'", `script-src ${hash(script)} 'wasm-unsafe-eval'`, "worker-src blob:", `style-src ${hash(style)}`,
  "img-src data: blob:", "base-uri 'none'", "form-action 'none'",
].join("; ");
// comments and alignment are for readers of the files, not of the page
const bare = (name) => read(name).replaceAll(/^#.*\n/gm, "").replaceAll(/ {2,}/g, " ");
// how many inputs are guesses: as the book says, which a test of the repository holds against the baseline
const counted = /Of (\d+) parameters (\d+) are estimates or assumptions/.exec(read("../docs/how-sure.md"));
if (!counted) throw new Error("docs/how-sure.md no longer says how many parameters are assumptions");
const [, inputs, guesses] = counted;
const parts = { policy, inputs, guesses, style, engine, script, baseline: bare("../scenarios/baseline.toml"), licence: read("node_modules/uplot/LICENSE").trim() };
const page = read("page/index.html").replaceAll(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
const size = Buffer.byteLength(page);
// what twenty lucks gave is part of the page, a tenth of a megabyte: without it one draw would be taught as a result
if (size > 2_200_000) throw new Error(`the page has ${size} bytes, more than 2.2 MB`);
if (isCheck) {
  const without = (text) => text.replace(/(id="engine">)[^<]*/, "$1");
  if (without(readFileSync(path, "utf8")) !== without(page)) {
    console.error("docs/demo.html is not the page of these sources and this baseline; type: web/build.sh");
    process.exit(1);
  }
} else writeFileSync(path, page);
console.log(`docs/demo.html: ${size} bytes`);
