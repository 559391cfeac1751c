import type { Browser } from "puppeteer-core";
import { test } from "vitest";
import { launchChromium } from "./chromium.js";
import { launchFirefox } from "./firefox.js";

type BrowserName = "chromium" | "firefox";

/** Which browser the tests run in: `HOUNSFIELD_TEST_BROWSER`, or Chromium, which comes from npm. */
const browserName: BrowserName = nameOf(process.env.HOUNSFIELD_TEST_BROWSER ?? "chromium");

export function launchBrowser(): Promise<{ browser: Browser; close(): Promise<void> }> {
  return browserName === "firefox" ? launchFirefox() : launchChromium();
}

/** A test that needs what only Chromium's own protocol can do; elsewhere skipped, and its name says why. */
export function chromiumTest(reason: string, name: string, body: () => Promise<void>): void {
  if (browserName === "chromium") test(name, body);
  // `reason` goes into the name: a report shows why.
  else test.skip(`${name} (Chromium only: ${reason})`, body);
}

function nameOf(name: string): BrowserName {
  if (name === "chromium" || name === "firefox") return name;
  throw new Error(`HOUNSFIELD_TEST_BROWSER is chromium or firefox; got ${name}`);
}
