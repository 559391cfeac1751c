import { test } from "vitest";
import { isolation } from "../support/pages.js";
import { pictureJudge } from "./support/expected_picture.js";
import { packageFolder, plainPage } from "./support/page.js";
import { served } from "./support/serve.js";
import { visitor } from "./support/visit.js";

const visit = visitor();
const expectPicture = pictureJudge();

const standalone = "/package/dist/standalone/hounsfield.js";
const strict = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

/** A page without a bundler beside the package, under these headers. */
async function servedPage(headers: Readonly<Record<string, string>>, options?: string): Promise<string> {
  return served({ "/": plainPage(standalone, options), "/package/": packageFolder() }, headers);
}

test("a strict Content Security Policy, nothing inline", async () => {
  const [picture] = await visit(await servedPage({ "content-security-policy": strict }));
  await expectPicture(picture);
});

test("a cross-origin isolated page, whose workers share its memory", async () => {
  const [picture] = await visit(await servedPage(isolation));
  await expectPicture(picture);
});
