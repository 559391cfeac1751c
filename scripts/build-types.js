// @ts-check
// Builds the types of the package: dist/types/hounsfield.d.ts, rolled up, with every declaration that the
// public surface reaches and no other, and beside it for each entry a small .d.ts that exports the entry's
// names from it. What is @internal is left out. Also writes out/api/hounsfield.api.md, which `npm test`
// compares with the committed api/hounsfield.api.md; `npm run api` (--accept) copies it there.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { portableTypes } from "./portable-types.js";

const require = createRequire(import.meta.url);
const { Extractor, ExtractorConfig, ExtractorLogLevel } = require("@microsoft/api-extractor");

const root = fileURLToPath(new URL("..", import.meta.url));
const emitted = join(root, "out/types");
const built = join(root, "dist/types");
const reports = join(root, "out/api");
const reportName = "hounsfield.api.md";

/**
 * The entries of the package and the modules that they are built from; a browser's and Node's have the same
 * types.
 */
const entries = {
  index: "browser",
  dicom: "dicom",
  decode: "decode",
  ops: "ops",
  formats: "formats",
  adapters: "adapters",
  cohort: "cohort",
  phantom: "phantom",
};

/** @param {{ accept?: boolean }} options */
export function buildTypes({ accept = false } = {}) {
  emit();
  for (const file of declarationFiles(emitted))
    writeFileSync(file, portableTypes(readFileSync(file, "utf8")));
  const names = Object.fromEntries(
    Object.entries(entries).map(([entry, folder]) => [entry, exportsOf(`${emitted}/${folder}/index.d.ts`)]),
  );
  const report = rollUp();
  for (const [entry, exported] of Object.entries(names))
    writeFileSync(join(built, `${entry}.d.ts`), entryText(exported));
  writeFileSync(join(reports, reportName), reportText(names, report));
  if (accept) copyFileSync(join(reports, reportName), join(root, "api", reportName));
}

/** A .d.ts for each module of src, by the project's own compiler. */
function emit() {
  rmSync(emitted, { recursive: true, force: true });
  const { status } = spawnSync("npx", ["--no-install", "tsc", "-p", "tsconfig.types.json"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the types do not compile");
}

/** Writes dist/types/hounsfield.d.ts, and gives what api-extractor reports of it. */
function rollUp() {
  const all = join(emitted, "all.d.ts");
  const modules = Object.values(entries).map((folder) => `export * from "./${folder}/index.js";\n`);
  writeFileSync(all, modules.join(""));
  mkdirSync(reports, { recursive: true });
  const compilerOptions = { ...readTsconfig().compilerOptions, types: ["node"], paths: {} };
  /** @type {import("@microsoft/api-extractor").IConfigMessageReportingTable} */
  const silent = { default: { logLevel: ExtractorLogLevel.None } };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: all,
      compiler: { overrideTsconfig: { compilerOptions, files: [all] } },
      dtsRollup: { enabled: true, untrimmedFilePath: join(built, "hounsfield.d.ts") },
      apiReport: {
        enabled: true,
        reportFolder: emitted,
        reportTempFolder: reports,
        reportFileName: reportName,
      },
      newlineKind: "lf",
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  });
  const quiet = (/** @type {{ logLevel: string, handled: boolean }} */ message) => {
    message.handled = message.logLevel !== "error";
  };
  const { succeeded } = Extractor.invoke(config, { localBuild: true, messageCallback: quiet });
  if (!succeeded) throw new Error("the types could not be rolled up");
  return readFileSync(join(reports, reportName), "utf8");
}

function readTsconfig() {
  return JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
}

/** @typedef {{ name: string, isType: boolean }} Exported */

/**
 * The names that an index module exports, those of the modules that it exports whole included.
 * @param {string} file
 * @returns {Exported[]}
 */
function exportsOf(file) {
  const text = readFileSync(file, "utf8");
  const whole = [...text.matchAll(/^export \* from "(.+)\.js";$/gm)].flatMap(([, path]) =>
    exportsOf(join(dirname(file), `${path}.d.ts`)),
  );
  const own = [...text.matchAll(/^export (type )?\{([^}]+)\} from/gm)].flatMap(([, allTypes, list]) =>
    list
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean)
      .map((item) => ({ name: item.replace(/^type /, ""), isType: !!allTypes || item.startsWith("type ") })),
  );
  return [...whole, ...own].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {Exported[]} exported */
function entryText(exported) {
  const names = exported.map(({ name, isType }) => `  ${isType ? "type " : ""}${name},\n`);
  return `export {\n${names.join("")}} from "./hounsfield.js";\n`;
}

/**
 * @param {Record<string, Exported[]>} names
 * @param {string} declarations
 */
function reportText(names, declarations) {
  const lists = Object.entries(names).map(([entry, exported]) => {
    const path = entry === "index" ? "hounsfield" : `hounsfield/${entry}`;
    return `## ${path}\n\n${exported.map(({ name, isType }) => `- ${isType ? "type " : ""}${name}\n`).join("")}\n`;
  });
  return `${lists.join("")}${declarations}`;
}

/** @param {string} folder */
function declarationFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  buildTypes({ accept: process.argv.includes("--accept") });
