import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { installTools } from "../../../scripts/install-tools.js";
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
  // Projects are folders in it, as in a monorepo: half a gigabyte for each of them would take longer than all
  // that is tested.
  const tools = installTools(here, "hounsfield-package");
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
