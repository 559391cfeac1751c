// Robustness of the lung mask: derived cases of two real patients, against the stored references turned with
// them.
//
//   npm run bench:lungs -- [--only NAME] [--write]
//
// Needs ../shared/data. Cases are those of test/support/lung_table.ts, loaded by Vite since they are
// TypeScript; --write puts the table into docs/lung-mask.md.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createServer } from "vite";

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, write: { type: "boolean", default: false } },
});
const vite = await createServer({
  appType: "custom",
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  esbuild: { target: "node20" },
  // Nothing here is for a page: dependencies of demo and examples need not be there.
  optimizeDeps: { noDiscovery: true },
});
const { robustness } = await vite.ssrLoadModule("/test/support/lung_robustness.ts");
const rows = [];
for await (const row of robustness(new RegExp(values.only))) {
  console.log(row);
  rows.push(row);
}
if (values.write) {
  const path = "docs/lung-mask.md";
  const [begin, end] = ["<!-- robustness: begin -->", "<!-- robustness: end -->"];
  const text = readFileSync(path, "utf8");
  const [before, rest] = text.split(begin);
  const [, after] = rest.split(end);
  writeFileSync(path, `${before}${begin}\n${rows.join("\n")}\n${end}${after}`);
}
await vite.close();
