// The engine's bytes: of a .wasm file, or of a page that holds it.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export function engineOf(path) {
  const file = readFileSync(path);
  if (path.endsWith(".wasm")) return file;
  const held = /<script type="text\/plain" id="engine">([A-Za-z0-9+/=\s]+)<\/script>/.exec(file.toString("utf8"));
  if (!held) throw new Error(`${path} holds no engine`);
  return gunzipSync(Buffer.from(held[1], "base64"));
}
