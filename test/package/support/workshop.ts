import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chestPhantom } from "../../../src/phantom/chest.js";
import { phantomSeries } from "../../../src/phantom/series.js";
import { everyCodecSeries } from "./every_codec.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder of this run, outside the checkout and below the tools, for the projects; gone at its end. */
    projects: string;
    /** The packed library. */
    tarball: string;
    /** node_modules as npm leaves it when the tarball is all that a project installs. */
    installed: string;
    /** The phantom's series: DICOM files, nobody's. */
    dicom: string;
    /** The same slices, each in a transfer syntax of another codec. */
    everyCodec: string;
  }
}

const root = resolve(import.meta.dirname, "../../..");
const here = resolve(import.meta.dirname, "..");

/** Of the phantom that every project draws. */
export const phantomOptions = { size: [95, 96, 40] } as const;

/** What every test of the package needs: the tools, once for all projects, and the tarball, installed. */
export default async function prepare({ provide }: { provide: Provide }): Promise<() => void> {
  const tools = installTools();
  const projects = mkdtempSync(join(tools, "run-"));
  const tarball = packed(projects);
  const installed = installedFrom(tarball, projects);
  const phantom = chestPhantom(phantomOptions);
  const dicom = join(projects, "dicom");
  mkdirSync(dicom);
  for (const { name, bytes } of phantomSeries(phantom)) writeFileSync(join(dicom, name), bytes);
  const everyCodec = join(projects, "every-codec");
  mkdirSync(everyCodec);
  for await (const { name, bytes } of everyCodecSeries(phantom)) writeFileSync(join(everyCodec, name), bytes);
  provide("projects", projects);
  provide("tarball", tarball);
  provide("installed", installed);
  provide("dicom", dicom);
  provide("everyCodec", everyCodec);
  return () => rmSync(projects, { recursive: true, force: true, maxRetries: 3 });
}

type Provide = <K extends "projects" | "tarball" | "installed" | "dicom" | "everyCodec">(
  key: K,
  value: string,
) => void;

/**
 * The bundlers and frameworks of package-lock.json, in a temporary folder that the next run finds again. Projects are folders in it, as in a
 * monorepo: half a gigabyte for each of them would take longer than all that is tested.
 */
function installTools(): string {
  const lock = readFileSync(join(here, "package-lock.json"));
  const name = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  const folder = join(tmpdir(), `hounsfield-package-${name}`);
  if (existsSync(folder)) return folder;
  const partial = mkdtempSync(`${folder}-`);
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(join(here, file), join(partial, file));
  npm(partial, "ci", "--ignore-scripts");
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another run was quicker.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** The tarball as `npm publish` would make it, built anew; or the one that HOUNSFIELD_TARBALL names. */
function packed(folder: string): string {
  const given = process.env.HOUNSFIELD_TARBALL;
  if (given) return resolve(given);
  npm(root, "pack", "--pack-destination", folder);
  const [name] = readdirSync(folder).filter((entry) => entry.endsWith(".tgz"));
  return join(folder, name);
}

function installedFrom(tarball: string, projects: string): string {
  const folder = join(projects, "installed");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "installed", private: true }));
  npm(folder, "install", "--ignore-scripts", tarball);
  return join(folder, "node_modules");
}

function npm(cwd: string, ...args: string[]): void {
  execFileSync("npm", [...args, "--no-audit", "--no-fund"], { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
