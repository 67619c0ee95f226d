// Debian's Chromium, driven by playwright-core, with nothing but files to open.
import { chromium } from "playwright-core";

export function openChromium(more = {}) {
  const args = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps",
  ];
  return chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args, ...more });
}
