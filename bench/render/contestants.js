// Who is measured, and what each needs to be built and served.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const peers = join(root, "bench/peers/node_modules");

const itkWasm = {
  "/itk/pipelines/": join(peers, "@itk-wasm/dicom/dist/pipelines"),
  "/itk/worker/": join(peers, "itk-wasm/dist/pipeline/web-workers/bundles"),
};

/** @typedef {import("./scene.js").Mode} Mode */

/**
 * The packages that each is made of, those that they bring and its page imports too, the folders that its
 * page fetches from, and the modes that it has if not all.
 * @typedef {{ readonly packages: readonly string[], readonly brings?: Readonly<Record<string, string>>,
 * readonly alias?: readonly { find: RegExp, replacement: string }[],
 * readonly folders: Readonly<Record<string, string>>, readonly modes?: readonly Mode[] }} Entry
 */

/** @type {Readonly<Record<string, Entry>>} */
export const contestants = {
  hounsfield: { packages: [], folders: {} },
  vtkjs: { packages: ["@kitware/vtk.js", "@itk-wasm/dicom"], folders: itkWasm },
  cornerstone3d: {
    packages: ["@cornerstonejs/core", "@cornerstonejs/dicom-image-loader"],
    brings: { "@kitware/vtk.js": "@cornerstonejs/core" },
    alias: [{ find: /^events$/, replacement: join(root, "bench/render/cornerstone3d/events.js") }],
    folders: {},
  },
  niivue: {
    packages: ["@niivue/niivue", "@niivue/dcm2niix"],
    folders: {},
    modes: ["bone", "soft", "lit"],
  },
};

/**
 * Of the bench's modes, those that a contestant has: all, unless its entry says which.
 * @param {string} name
 * @param {readonly Mode[]} modes
 */
export function modesOf(name, modes) {
  const { modes: has = modes } = contestants[name];
  return modes.filter((mode) => has.includes(mode));
}

/** @param {string} name */
export function versionsOf(name) {
  if (name === "hounsfield") return `hounsfield ${versionIn(root)}`;
  return contestants[name].packages.map((pack) => `${pack} ${versionIn(join(peers, pack))}`).join(", ");
}

/** @param {string} folder */
function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

/** @param {string} name */
export function isInstalled(name) {
  return contestants[name].packages.every((pack) => existsSync(join(peers, pack)));
}

/**
 * Builds a contestant's page as an application would; gives the folder of the result.
 * @param {string} name
 */
export async function buildContestant(name) {
  const outDir = join(root, "out/bench-render", name);
  await build({
    configFile: false,
    root: join(root, "bench/render", name),
    base: "./",
    logLevel: "error",
    resolve: {
      alias: [
        { find: /^hounsfield$/, replacement: join(root, "src/browser/index.ts") },
        ...(contestants[name].alias ?? []),
      ],
    },
    plugins: [peersOf(name)],
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      chunkSizeWarningLimit: 1e5,
      reportCompressedSize: false,
    },
    worker: { format: "es" },
  });
  return outDir;
}

/**
 * Peers are installed apart from the pages that import them, and what they bring may be installed inside
 * them.
 * @param {string} name
 * @returns {import("vite").Plugin}
 */
function peersOf(name) {
  const { packages, brings = {} } = contestants[name];
  const importers = Object.fromEntries(packages.map((pack) => [pack, join(peers, "../package.json")]));
  for (const [pack, bringer] of Object.entries(brings))
    importers[pack] = join(peers, bringer, "package.json");
  return {
    name: "peers",
    enforce: "pre",
    resolveId(source, importer) {
      if (importer?.startsWith(peers)) return undefined;
      const [pack = ""] = /^(@[^/]+\/)?[^/]+/.exec(source) ?? [];
      return importers[pack] ? this.resolve(source, importers[pack], { skipSelf: true }) : undefined;
    },
  };
}
