import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import puppeteer, { type Browser } from "puppeteer-core";

/** A browser and, for the npm one, the folder of libraries that a bare machine lacks. */
interface Chromium {
  readonly executable: string;
  readonly libraries?: string;
}

/**
 * The four WebGPU flags are needed together for a canvas on SwiftShader: with any subset it stays white or
 * has no adapter.
 */
const flags = [
  "--enable-unsafe-webgpu",
  "--use-angle=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--disable-dev-shm-usage",
];

/**
 * Starts a headless Chromium that draws WebGPU on SwiftShader: CHROME_PATH, else an installed Chrome or
 * Chromium, else the one of the npm package `@sparticuz/chromium`, unpacked once into the user's cache
 * folder. It has a profile of its own, removed with `close`.
 */
export async function launchChromium(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const { executable, libraries } = findChromium();
  const profile = mkdtempSync(join(tmpdir(), "hounsfield-chromium-"));
  const known = process.env.LD_LIBRARY_PATH;
  const found = libraries ? { LD_LIBRARY_PATH: [libraries, known].filter(Boolean).join(":") } : {};
  const browser = await puppeteer.launch({
    executablePath: executable,
    headless: "shell",
    // A copy: puppeteer takes `--enable-features` out of the array it is given, and the next browser would
    // start without.
    args: [...flags],
    userDataDir: profile,
    env: { ...process.env, ...found },
  });
  const close = async () => {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  };
  return { browser, close };
}

function findChromium(): Chromium {
  const asked = process.env.CHROME_PATH;
  if (asked) {
    if (!existsSync(asked)) throw new Error(`CHROME_PATH names no file: ${asked}`);
    return { executable: asked };
  }
  const installed = findInstalled();
  return installed ? { executable: installed } : unpackOnce();
}

function findInstalled(): string | undefined {
  for (const name of ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"]) {
    for (const folder of (process.env.PATH ?? "").split(":")) {
      const path = join(folder, name);
      if (folder && existsSync(path)) return path;
    }
  }
  return undefined;
}

function unpackOnce(): Chromium {
  const { folder: source, version } = findPackage();
  const problems: string[] = [];
  for (const base of [process.env.XDG_CACHE_HOME, join(homedir(), ".cache"), tmpdir()]) {
    if (!base) continue;
    const folder = join(base, "hounsfield", `chromium-${version}`);
    try {
      if (!existsSync(folder)) unpack(source, folder);
      return { executable: join(folder, "chromium"), libraries: join(folder, "lib") };
    } catch (error) {
      problems.push(`${base}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(`no cache folder takes the npm Chromium: ${problems.join("; ")}`);
}

function findPackage(): { folder: string; version: string } {
  let folder = dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium"));
  while (!existsSync(join(folder, "bin/chromium.br"))) {
    if (folder === dirname(folder)) throw new Error("@sparticuz/chromium has no bin/chromium.br");
    folder = dirname(folder);
  }
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return { folder: join(folder, "bin"), version };
}

/** Unpacks beside the final place and renames, so that two processes at once never see half a browser. */
function unpack(source: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}-`);
  try {
    const read = (name: string) => brotliDecompressSync(readFileSync(join(source, name)));
    writeFileSync(join(partial, "chromium"), read("chromium.br"), { mode: 0o755 });
    for (const name of ["swiftshader.tar.br", "al2023.tar.br"]) {
      execFileSync("tar", ["-x", "-C", partial], { input: read(name), maxBuffer: 2 ** 20 });
    }
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
