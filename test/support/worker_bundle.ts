import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = path.join(root, "node_modules", ".cache", "hounsfield-test");

/** Bundles src/node/decode_worker.ts as the package's build does; once for each state of its sources. */
export function bundleNodeWorker(): Promise<URL> {
  return bundleModule("src/node/decode_worker.ts");
}

/** A module of the library for a process of Node's own, bundled; once for each state of the sources. */
export async function bundleModule(entry: string): Promise<URL> {
  const name = path.basename(entry, ".ts");
  const folder = path.join(cache, `${name}-module-${await sourceHash()}`);
  const file = path.join(folder, `${name}.js`);
  if (!existsSync(file)) await bundleInto(folder, entry);
  return pathToFileURL(file);
}

async function bundleInto(folder: string, entry: string): Promise<void> {
  // Two test files may come here at once: each builds beside, one of them wins the name.
  const draft = `${folder}.${process.pid}`;
  await mkdir(cache, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    build: {
      ssr: entry,
      outDir: draft,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "[name].js", format: "es" } },
    },
  });
  // As the package says it of its files: in a folder of node_modules, Node before 20.19 takes .js for
  // CommonJS unless told.
  await writeFile(path.join(draft, "package.json"), '{ "type": "module" }');
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
}

async function sourceHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of ["src/core", "src/decode", "src/node"]) {
    const names = await readdir(path.join(root, folder), { recursive: true });
    for (const name of names.filter((name) => name.endsWith(".ts")).sort()) {
      hash.update(name).update(await readFile(path.join(root, folder, name)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
