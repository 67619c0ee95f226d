// The engine's bytes: of a .wasm file, or of a page that holds it.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The engine as a page holds it: packed, in base 64. */
export function packedIn(path) {
  const held = /<script type="text\/plain" id="engine">([A-Za-z0-9+/=\s]+)<\/script>/.exec(readFileSync(path, "utf8"));
  if (!held) throw new Error(`${path} holds no engine`);
  return held[1];
}

export function engineOf(path) {
  if (path.endsWith(".wasm")) return readFileSync(path);
  return gunzipSync(Buffer.from(packedIn(path), "base64"));
}
