import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import * as operations from "../../src/ops/index.js";

const root = join(import.meta.dirname, "../..");
const made = mkdtempSync(join(tmpdir(), "hounsfield-gallery-"));
afterAll(() => rmSync(made, { recursive: true, force: true }));

const page = readFileSync(join(root, "docs/gallery.md"), "utf8");

test("the gallery shows every operation of hounsfield/ops", () => {
  const shown = new Set([...page.matchAll(/\[`(\w+)`\]\(/g)].map(([, name]) => name));
  expect(Object.keys(operations).length).toBeGreaterThan(50);
  expect(Object.keys(operations).filter((name) => !shown.has(name))).toEqual([]);
});

test("every link of the gallery leads somewhere, and its pictures stay below 1 MB", () => {
  const targets = [...page.matchAll(/(?:\]\(|src=")([^#")]+)[")]/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(100);
  for (const target of targets) expect(statSync(join(root, "docs", target)).isFile(), target).toBe(true);
  const pictures = readdirSync(join(root, "docs/gallery"));
  const bytes = pictures.reduce((sum, name) => sum + statSync(join(root, "docs/gallery", name)).size, 0);
  expect(bytes).toBeLessThan(2 ** 20);
});

test("the gallery is what its script makes: else `npm run gallery`", () => {
  execFileSync(process.execPath, [join(root, "scripts/gallery.js"), "--out", made], { stdio: "inherit" });
  expect(readFileSync(join(made, "gallery.md"), "utf8")).toBe(page);
  const names = readdirSync(join(made, "gallery"));
  expect(names).toEqual(readdirSync(join(root, "docs/gallery")));
  const stale = names.filter(
    (name) =>
      !readFileSync(join(made, "gallery", name)).equals(readFileSync(join(root, "docs/gallery", name))),
  );
  expect(stale).toEqual([]);
  // 15 s of CPU time; a machine that others use may take minutes.
}, 400_000);
