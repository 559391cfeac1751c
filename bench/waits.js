// What waiting for the device costs in a browser, where each answer has a price: a lung mask of a small
// volume, and pictures a second of a turning view.
//
//   node bench/waits.js [--browser firefox|chromium] [--dist dist] [--runs 3] [--seconds 5]
//
// Needs `npm run build`; Firefox as test/support/firefox.ts finds it. A second --dist, of another version,
// compares both in turn.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";
import { serve } from "./render/server.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values: options } = parseArgs({
  options: {
    browser: { type: "string", default: "firefox" },
    dist: { type: "string", multiple: true, default: [join(root, "dist")] },
    runs: { type: "string", default: "3" },
    seconds: { type: "string", default: "5" },
  },
});
process.env.HOUNSFIELD_TEST_BROWSER = options.browser;
/** @type {{ module: typeof import("../test/support/browsers.js") }} */
const { module: browsers } = await runnerImport(join(root, "test/support/browsers.ts"));
/** @type {{ module: typeof import("../src/phantom/chest.js") }} */
const { module: chest } = await runnerImport(join(root, "src/phantom/chest.ts"));
/** @type {{ module: typeof import("../src/phantom/series.js") }} */
const { module: phantom } = await runnerImport(join(root, "src/phantom/series.ts"));
const study = mkdtempSync(join(tmpdir(), "hounsfield-waits-"));
const files = [...phantom.phantomSeries(chest.chestPhantom({ size: [64, 64, 32] }))];
for (const { name, bytes } of files) writeFileSync(join(study, name), bytes);
const urls = files.map(({ name }) => `/study/${name}`);
const page = join(root, "bench/waits");
const servers = [];
for (const dist of options.dist) servers.push(await serve({ "/dist/": dist, "/study/": study, "/": page }));
for (let run = 0; run < Number(options.runs); run++) {
  for (const [i, { url }] of servers.entries()) {
    const { browser, close } = await browsers.launchBrowser();
    try {
      const tab = await browser.newPage();
      tab.on("pageerror", (error) => console.error(String(error)));
      await tab.goto(`${url}/`);
      const seconds = Number(options.seconds);
      const measured = await tab.evaluate((list, time) => window.measureWaits(list, time), urls, seconds);
      console.log(JSON.stringify({ dist: options.dist[i], load: loadavg()[0], ...measured }));
    } finally {
      await close();
    }
  }
}
rmSync(study, { recursive: true });
await Promise.all(servers.map(({ close }) => close()));
