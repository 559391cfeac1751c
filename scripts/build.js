// Builds dist/ from npm packages alone: our WASM (AssemblyScript: codecs, and CPU bodies of the kernels),
// other codecs (embedded), the library, one module a source file (tsc), the library once more in one file for
// pages without a bundler, and the types.
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildBundles, bundleCli } from "./build-bundles.js";
import { buildOps } from "./build-ops.js";
import { buildTypes } from "./build-types.js";
import { buildWasm } from "./build-wasm.js";
import { embedCodecs } from "./embed-codecs.js";
import { pruneModules } from "./prune-dist.js";
import { stripComments } from "./strip-comments.js";

const root = fileURLToPath(new URL("..", import.meta.url));

await buildWasm();
await buildOps();
await embedCodecs();
rmSync(`${root}/dist`, { recursive: true, force: true });
// No bundler: what a stranger's bundler shakes apart, splits and follows best is the modules as they were
// written.
const emitted = spawnSync("npx", ["--no-install", "tsc", "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
if (emitted.status !== 0) process.exit(emitted.status ?? 1);
for (const name of ["openjpeg", "openjph"]) {
  const file = `decode/wasm/${name}.generated.js`;
  copyFileSync(`${root}/src/${file}`, `${root}/dist/${file}`);
}
await buildBundles();
await bundleCli();
const { exports } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const entries = [...JSON.stringify(exports).matchAll(/"\.\/dist\/([^"]+\.js)"/g)].map(([, path]) => path);
pruneModules(`${root}/dist`, [...entries, "node/cli.js"]);
stripComments(`${root}/dist`);
buildTypes();
