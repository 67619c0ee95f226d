// Prints the pages for the classroom as PDF, from the same texts as the pages in the book.
//   node classroom_pdf.mjs FOLDER
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openChromium } from "./chromium.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../docs/classroom");
const out = process.argv[2];
if (!out) throw new Error("name a folder: node web/classroom_pdf.mjs FOLDER");
mkdirSync(out, { recursive: true });

const clean = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const inline = (text) => clean(text).replaceAll(/\*\*(.+?)\*\*/g, "<b>$1</b>").replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1").replaceAll(/^\[ \] /g, "☐ ");
const row = (line, cell) => `<tr>${line.split("|").slice(1, -1).map((text) => `<${cell}>${inline(text.trim())}</${cell}>`).join("")}</tr>`;

/** The few forms of Markdown that these pages have. */
function html(text) {
  return text.trim().split(/\n{2,}/).map((block) => {
    const lines = block.split("\n");
    if (block.startsWith("#")) return `<h${block.indexOf(" ")}>${inline(block.slice(block.indexOf(" ") + 1))}</h${block.indexOf(" ")}>`;
    if (block.startsWith("|")) return `<table>${lines.filter((_, n) => n !== 1).map((line, n) => row(line, n ? "td" : "th")).join("")}</table>`;
    if (block.startsWith("- ")) return `<ul>${block.split(/\n(?=- )/).map((item) => `<li${item.startsWith("- [ ]") ? " class=box" : ""}>${inline(item.slice(2).replaceAll(/\s*\n\s*/g, " "))}</li>`).join("")}</ul>`;
    if (block.startsWith("> ")) return `<blockquote>${inline(block.slice(2))}</blockquote>`;
    return `<p>${inline(lines.join(" "))}</p>`;
  }).join("\n");
}

const style = "body{font:11pt/1.45 system-ui,'Noto Sans','Noto Sans CJK SC','Noto Sans Devanagari',sans-serif}h1{font-size:16pt}h2{font-size:12.5pt}table{border-collapse:collapse}td,th{border:1px solid #999;padding:2pt 6pt;text-align:left;vertical-align:top}ul{padding-left:1.2em}li.box{list-style:none}p,li,tr{break-inside:avoid}blockquote{color:#555;margin:0}";
const browser = await openChromium();
const page = await browser.newPage();
const names = readdirSync(folder).filter((name) => name.endsWith(".md")).sort();
for (const name of names) {
  await page.setContent(`<html lang="${name.slice(0, 2)}"><meta charset="utf-8"><style>${style}</style>${html(readFileSync(join(folder, name), "utf8"))}</html>`);
  await page.pdf({ path: join(out, name.replace(".md", ".pdf")), format: "A4", margin: { top: "18mm", bottom: "18mm", left: "18mm", right: "18mm" } });
}
await browser.close();
console.log(`${names.length} files of PDF`);
