import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";

/** WebGPU on Linux, where Firefox has it behind a setting and refuses software adapters unless told. */
const prefs = {
  "dom.webgpu.enabled": true,
  "gfx.webgpu.ignore-blocklist": true,
  "dom.webgpu.workers.enabled": true,
};

/**
 * Starts a headless Firefox that draws WebGPU on Mesa's llvmpipe: FIREFOX_PATH, else an installed one.
 * Debian's packages are `firefox-esr` and `mesa-vulkan-drivers`. It has a profile of its own, removed with
 * `close`.
 */
export async function launchFirefox(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), "hounsfield-firefox-"));
  // Node's Dawn is pointed at SwiftShader by a variable of the same process; Firefox is to find the machine's
  // drivers.
  const { VK_ICD_FILENAMES: _, ...env } = process.env;
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: findFirefox(),
    headless: true,
    extraPrefsFirefox: prefs,
    // Without a folder of this kind the Vulkan loader and Mesa complain, and some builds find no adapter.
    env: { ...env, XDG_RUNTIME_DIR: env.XDG_RUNTIME_DIR ?? profile },
  });
  const close = async () => {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  };
  return { browser, close };
}

function findFirefox(): string {
  const asked = process.env.FIREFOX_PATH;
  const folders = (process.env.PATH ?? "").split(":").filter(Boolean);
  const candidates = asked
    ? [asked]
    : ["firefox-esr", "firefox"].flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find(existsSync);
  if (!found) throw new Error(`no Firefox at ${asked ?? "any folder of PATH: firefox-esr, firefox"}`);
  return found;
}
