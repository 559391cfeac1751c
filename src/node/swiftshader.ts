import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { HounsfieldError } from "../core/errors.js";

/**
 * SwiftShader, the Vulkan driver that runs on a CPU, from the npm package `@sparticuz/chromium`: so that a
 * machine without a GPU, a Vulkan loader or root rights still runs every kernel. Linux on x64 only.
 */
export interface SwiftShader {
  /** The Vulkan driver manifest, for VK_ICD_FILENAMES. */
  readonly manifest: string;
  /** The Vulkan loader that came with it. */
  readonly loader: string;
}

const wanted = ["libvk_swiftshader.so", "libvulkan.so.1", "vk_swiftshader_icd.json"];

/**
 * Unpacks SwiftShader once into the user's cache folder; undefined where the package is not installed or does
 * not fit.
 * @throws HounsfieldError `no-gpu` where it cannot be unpacked
 */
export function findSwiftShader(): SwiftShader | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const archive = findArchive();
  if (!archive) return undefined;
  const folder = unpackOnce(archive.file, archive.version);
  return { manifest: join(folder, "vk_swiftshader_icd.json"), loader: join(folder, "libvulkan.so.1") };
}

function findArchive(): { file: string; version: string } | undefined {
  try {
    // The package exports only its main module, in build/ or its root depending on the version: walk up to
    // its folder.
    let folder = dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium"));
    while (!existsSync(join(folder, "bin/swiftshader.tar.br"))) {
      if (folder === dirname(folder)) return undefined;
      folder = dirname(folder);
    }
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
    return { file: join(folder, "bin/swiftshader.tar.br"), version };
  } catch {
    return undefined;
  }
}

function unpackOnce(archive: string, version: string): string {
  const name = `swiftshader-${version}`;
  const tried: string[] = [];
  let refusal: unknown;
  for (const base of [process.env.XDG_CACHE_HOME, join(homedir(), ".cache"), tmpdir()]) {
    if (!base) continue;
    const folder = join(base, "hounsfield", name);
    if (wanted.every((file) => existsSync(join(folder, file)))) return folder;
    try {
      unpack(archive, folder);
      return folder;
    } catch (cause) {
      // Not writable: the next place. A half-made folder never gets the final name.
      tried.push(folder);
      refusal = cause;
    }
  }
  const message = `SwiftShader cannot be unpacked into any of ${tried.join(", ")}: make one writable, or set XDG_CACHE_HOME to a folder that is`;
  throw new HounsfieldError("no-gpu", message, { accepted: tried }, refusal);
}

/** Unpacks beside the final place and renames, so that two processes at once cannot see half a file. */
function unpack(archive: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}-`);
  for (const [name, bytes] of tarEntries(brotliDecompressSync(readFileSync(archive)))) {
    if (wanted.includes(name)) writeFileSync(join(partial, name), bytes, { mode: 0o755 });
  }
  try {
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(join(folder, wanted[0]))) throw error;
  }
}

/**
 * File names (without folders) and contents of a ustar archive: 512-byte headers, size in octal at 124,
 * contents padded to 512.
 */
function* tarEntries(tar: Buffer): Generator<[string, Buffer]> {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    yield [name.split("/").pop() ?? "", tar.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
