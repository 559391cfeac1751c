// Builds dist/ from npm packages alone: our WASM (AssemblyScript: codecs, and CPU bodies of the kernels), other codecs (embedded), the library, the command line and its worker (Vite), the library once more for pages without a bundler, and types (tsc).
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { buildOps } from "./build-ops.js";
import { buildStandalone } from "./build-standalone.js";
import { buildWasm } from "./build-wasm.js";
import { embedCodecs } from "./embed-codecs.js";

const root = fileURLToPath(new URL("..", import.meta.url));

await buildWasm();
await buildOps();
await embedCodecs();
await build({ root, configFile: `${root}/vite.config.ts`, logLevel: "warn" });
await buildStandalone();
const types = spawnSync("npx", ["--no-install", "tsc", "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
process.exit(types.status ?? 1);
