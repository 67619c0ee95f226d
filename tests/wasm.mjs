// The same bits in the browser: after every tick the hash of the whole state is the one the native program
// computes, for every shipped scenario and several seeds, and the module imports nothing. A world that was taken
// back, or given another law half-way, is the world that was simulated from the start.
//
//   node tests/wasm.mjs ENGINE STATE_HASHES [--in chromium] [--seeds 1,2] [--only NAME] [--years N]
//
// ENGINE is a .wasm file or a page that holds one (docs/demo.html); STATE_HASHES the built example of that name.
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { engineOf } from "../web/engine_of.mjs";
import { makeWorld } from "../web/page/world.js";
import { openChromium } from "../web/chromium.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [engine, native, ...rest] = process.argv.slice(2);
const option = (name, usual) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : usual);
const place = option("--in", "node");
const seeds = option("--seeds", "1,2").split(",");
const years = option("--years", "");
const only = option("--only", "");
const folder = join(root, "scenarios");
const names = readdirSync(folder).filter((name) => name.endsWith(".toml") && (!only || name === `${only}.toml`)).sort();
if (!names.length) throw new Error(`no scenario is called ${only}`);

/** What is wrong with a world that is taken back, and given another scenario and back; lines of the native program. */
function keyframes(world, [one, other], [lines, others]) {
  const found = [];
  const at = (lines, tick) => lines.find((line) => line.startsWith(`${tick - 1} `))?.split(" ")[1];
  const expect = (what, lines) => {
    if (world.stateHash() !== at(lines, world.tick())) found.push(`${what}, at tick ${world.tick()}`);
  };
  world.start({ ...one, keep_every: 26 });
  while (!world.isOver()) world.step(52);
  expect("simulated with keyframes", lines);
  for (const tick of [300, 157, 26, 0]) expect(`taken back to ${tick}`, lines, world.rewind(tick));
  world.step(200);
  expect("on from there", lines);
  const { tick } = world.change({ ...other, keep_every: 26 });
  if (tick < 26) found.push(`the other scenario begins at tick ${tick}: no past was shared`);
  while (!world.isOver()) world.step(52);
  expect("given another law", others);
  expect("the other world taken back", others, world.rewind(100));
  world.change({ ...one, keep_every: 26 });
  while (!world.isOver()) world.step(52);
  expect("given the first law again", lines);
  return found;
}

/** Hashes of a wish as the browser computes them: ["tick hash", ...]. Runs here or in a page. */
function hashes(world, wish) {
  world.start(wish);
  const lines = [];
  while (!world.isOver()) {
    world.step(1);
    lines.push(`${world.tick() - 1} ${world.stateHash()}`);
  }
  return lines;
}

const bytes = engineOf(engine);
const module = await WebAssembly.compile(bytes);
const imports = WebAssembly.Module.imports(module);
if (imports.length) throw new Error(`the engine imports ${JSON.stringify(imports)}`);

let compute;
let close = async () => {};
if (place === "chromium") {
  const browser = await openChromium();
  const page = await browser.newPage();
  await page.evaluate(async ([text, source]) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const { makeWorld } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    window.world = () => makeWorld(new WebAssembly.Module(bytes));
  }, [Buffer.from(bytes).toString("base64"), readFileSync(join(root, "web/page/world.js"), "utf8")]);
  const work = `(${hashes})`;
  compute = (wish) => page.evaluate(([work, wish]) => eval(work)(window.world(), wish), [work, wish]);
  close = () => browser.close();
} else {
  compute = async (wish) => hashes(makeWorld(module), wish);
}

const run = promisify(execFile);
const expected = async (name, settings) => {
  const { stdout } = await run(native, [join(folder, name), ...settings], { maxBuffer: 1 << 26 });
  return stdout.trim().split("\n");
};
const baseline = readFileSync(join(folder, "baseline.toml"), "utf8");
/** A coarse run with a short spin-up: what is compared is arithmetic, not economics. */
const wished = (name, seed) => {
  const settings = [
    `run.seed=${seed}`, "run.persons_per_agent=100000 persons", "run.least_agents=0", "run.spin_up=26 weeks", "run.robots_per_agent=1000",
  ];
  if (years) settings.push(`run.years=${years}`);
  return { files: { "baseline.toml": baseline, [name]: readFileSync(join(folder, name), "utf8") }, scenario: name, settings };
};
const began = Date.now();
let ticks = 0;
for (const name of names) {
  for (const seed of seeds) {
    const wish = wished(name, seed);
    const [theirs, ours] = await Promise.all([expected(name, wish.settings), compute(wish)]);
    const parting = theirs.findIndex((line, n) => line !== ours[n]);
    if (parting >= 0 || theirs.length !== ours.length) {
      console.error(`${name}, seed ${seed}: native and ${place} part at line ${parting}:`);
      console.error(`  native  ${theirs[parting]}\n  ${place}  ${ours[parting]}`);
      process.exit(1);
    }
    ticks += ours.length;
  }
}
await close();
const pair = ["baseline.toml", "royalty-15.toml"].map((name) => wished(name, seeds[0]));
const lived = await Promise.all(pair.map((wish) => expected(wish.scenario, wish.settings)));
const wrong = keyframes(makeWorld(module), pair, lived);
if (wrong.length) {
  console.error(`not the world that was simulated: ${wrong.join("; ")}`);
  process.exit(1);
}
const seconds = ((Date.now() - began) / 1000).toFixed(0);
console.log(`${names.length} scenarios, ${seeds.length} seeds, ${ticks} ticks: the same state in ${place} (${seconds} s)`);
