import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const config = JSON.parse(readFileSync(join(root, "tsconfig.scripts.json"), "utf8"));

/** Code of an application's own, as strangers write it: their bundlers judge it. */
const EXAMPLES = /^(examples|test\/package)\//;

test.skipIf(!existsSync(join(root, ".git")))("every script is type-checked, and none opts out", () => {
  const files = execFileSync("git", ["ls-files", "*.js", "*.mjs", "*.cjs"], { cwd: root, encoding: "utf8" });
  const own = files.split("\n").filter((file) => file !== "" && !EXAMPLES.test(file));
  expect(own.length).toBeGreaterThan(75);
  expect(config.compilerOptions).toMatchObject({ allowJs: true, checkJs: true });
  expect(config.exclude).toBeUndefined();
  const unchecked = own.filter(
    (file) => !config.include.some((folder: string) => file.startsWith(`${folder}/`)),
  );
  expect(unchecked).toEqual([]);
  const optedOut = own.filter((file) =>
    /@ts-(nocheck|ignore|expect-error)|@\w+ \{any\b/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(optedOut).toEqual([]);
});
