import { copyFileSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { isolation } from "../support/pages.js";
import { pictureJudge } from "./support/expected_picture.js";
import { packageFolder, plainPage } from "./support/page.js";
import { served } from "./support/serve.js";
import { visitor } from "./support/visit.js";

const visit = visitor();
const expectPicture = pictureJudge();

const STANDALONE = "/package/dist/standalone/hounsfield.js";
const STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

/** A page without a bundler beside the package, under these headers. */
async function servedPage(headers: Readonly<Record<string, string>>, options?: string): Promise<string> {
  return served({ "/": plainPage(STANDALONE, options), "/package/": packageFolder() }, headers);
}

test("the page of examples/embed, as it lies in the package", async () => {
  const url = await served(packageFolder());
  const [first, second] = await visit(`${url}examples/embed/index.html`, 2);
  await expectPicture(first);
  await expectPicture(second);
  expect(second.gpuBytes).toBe(first.gpuBytes);
});

test("hounsfield/standalone is one file that can be copied alone", async () => {
  const folder = mkdtempSync(join(inject("projects"), "copied-"));
  copyFileSync(join(packageFolder(), "dist/standalone/hounsfield.js"), join(folder, "hounsfield.js"));
  const [picture] = await visit(await served({ "/": plainPage("/lib/hounsfield.js"), "/lib/": folder }));
  await expectPicture(picture);
});

test("a strict Content Security Policy, nothing inline", async () => {
  const [picture] = await visit(await servedPage({ "content-security-policy": STRICT }));
  await expectPicture(picture);
});

test("a policy that forbids WebAssembly is named by the error", async () => {
  const url = await servedPage({ "content-security-policy": "default-src 'self'" });
  await expect(visit(url)).rejects.toThrow(/no-wasm.*'wasm-unsafe-eval'/s);
});

test("a policy that forbids workers is named by the error, and workers: 0 needs none", async () => {
  const headers = { "content-security-policy": STRICT.replace("worker-src 'self'", "worker-src 'none'") };
  await expect(visit(await servedPage(headers))).rejects.toThrow(/worker-failed.*worker-src/s);
  const [picture] = await visit(
    await servedPage(headers, `{ device: "gpu", software: "fallback", workers: 0 }`),
  );
  await expectPicture(picture);
});

test.each([
  ["", "any policy"],
  ["; trusted-types hounsfield", "the library's policy alone"],
])("Trusted Types%s: %s", async (names) => {
  const headers = { "content-security-policy": `${STRICT}; require-trusted-types-for 'script'${names}` };
  const [picture] = await visit(await servedPage(headers));
  await expectPicture(picture);
});

test("the library from another origin", async () => {
  const library = await served({ "/": packageFolder() }, { "access-control-allow-origin": "*" });
  const [picture] = await visit(await served(plainPage(`${library}dist/standalone/hounsfield.js`)));
  await expectPicture(picture);
});

test("the library from another origin under a policy: it in script-src, blob: and it in worker-src", async () => {
  const library = await served({ "/": packageFolder() }, { "access-control-allow-origin": "*" });
  const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval' ${library}; worker-src blob: ${library}`;
  const page = plainPage(`${library}dist/standalone/hounsfield.js`);
  const [picture] = await visit(await served(page, { "content-security-policy": policy }));
  await expectPicture(picture);
});

test("workers: 0 decodes in the page's own thread", async () => {
  const [picture] = await visit(await servedPage({}, `{ device: "gpu", software: "fallback", workers: 0 }`));
  await expectPicture(picture);
});

test("a cross-origin isolated page, whose workers share its memory", async () => {
  const [picture] = await visit(await servedPage(isolation));
  await expectPicture(picture);
});
