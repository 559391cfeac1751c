import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface PackedSize {
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/** What `npm pack` makes of the built package, written nowhere. */
export function packedSize(): PackedSize {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const said = execFileSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  // npm 12 gives an object by names, earlier ones a list.
  const [{ size, unpackedSize }] = Object.values(
    JSON.parse(said) as Record<string, { size: number; unpackedSize: number }>,
  );
  return { packedBytes: size, unpackedBytes: unpackedSize };
}

/** A file that a bundler made, by the name of its module, and its size as it is sent. */
export interface SentFile {
  readonly name: string;
  readonly gzipBytes: number;
}

/**
 * What a page loads that has this code for a script and `hounsfield` installed: built by Vite as it is by
 * default. Of files that are loaded when needed, those that `onDemand` names are counted too, each after the
 * one that asks for it.
 */
export async function sentFiles(code: string, onDemand: readonly string[] = []): Promise<SentFile[]> {
  const folder = join(root, "out/sizes");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules/hounsfield"), "junction");
  writeFileSync(join(folder, "index.html"), '<script type="module" src="./main.js"></script>');
  writeFileSync(join(folder, "main.js"), code);
  await build({ root: folder, configFile: false, logLevel: "error", build: { reportCompressedSize: false } });
  return loaded(join(folder, "dist/assets"), onDemand);
}

/** From the page's first chunk on: its static imports, and of the others those that were named. */
function loaded(folder: string, onDemand: readonly string[]): SentFile[] {
  const files = readdirSync(folder);
  const sent = new Map<string, SentFile>();
  const load = (file: string) => {
    if (sent.has(file)) return;
    const code = readFileSync(join(folder, file), "utf8");
    sent.set(file, { name: moduleName(file), gzipBytes: gzipSync(code, { level: 9 }).length });
    const isImported = (name: string) => code.includes(`from"./${name}`) || code.includes(`import"./${name}`);
    const isNamed = (name: string) => code.includes(name) && onDemand.includes(moduleName(name));
    for (const name of files) if (isImported(name) || isNamed(name)) load(name);
  };
  load(files.find((name) => moduleName(name) === "index")!);
  return [...sent.values()];
}

/** Without the hash and the ending that Vite gives. */
function moduleName(file: string): string {
  return file.replace(/-[\w-]{8}\.\w+$/, "");
}
