import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { pictureJudge } from "./support/expected_picture.js";
import { createProject, type Project } from "./support/project.js";
import { served } from "./support/serve.js";
import { visitor } from "./support/visit.js";

const visit = visitor();
const expectPicture = pictureJudge();

/**
 * Two folders after each other: both are drawn, and the second leaves nothing of the first in the GPU's
 * memory.
 */
async function expectTwoFolders(url: string): Promise<void> {
  const [first, second] = await visit(url, 2);
  await expectPicture(first);
  await expectPicture(second);
  expect(second.gpuBytes).toBe(first.gpuBytes);
}

test("Vite builds the example as it is", async () => {
  const project = createProject("examples/vite");
  await project.run("npm", "run", "build");
  await expectTwoFolders(await served(join(project.folder, "dist")));
});

test("Vite serves the example in development", async () => {
  const project = createProject("examples/vite");
  await expectTwoFolders(
    await project.serve("vite", "--host", "127.0.0.1", "--port", "{port}", "--strictPort"),
  );
});

// Its bundler of dependencies is esbuild, which leaves their worker's and codecs' addresses behind; Vite 8's
// does not.
test("Vite 7 serves the example in development, told to leave the package as it is", async () => {
  const project = createProject("examples/vite", {
    "vite.config.js": `export default { optimizeDeps: { exclude: ["hounsfield"] } };`,
  });
  const vite = join(inject("projects"), "../node_modules/vite7/bin/vite.js");
  await expectTwoFolders(
    await project.serve("node", vite, "--host", "127.0.0.1", "--port", "{port}", "--strictPort"),
  );
});

test("webpack builds the example as it is", async () => {
  const project = createProject("examples/webpack");
  await project.run("npm", "run", "build");
  await expectTwoFolders(await served(project.folder));
});

/**
 * The webpack example, with the one option that a bundler needs which does not follow workers: the script's
 * address, and a copy of it there.
 */
function projectWithWorkerUrl(): Project {
  const project = createProject("examples/webpack");
  const source = join(project.folder, "src/index.js");
  const before = `openEngine({ device: "gpu", software: "fallback" })`;
  const after = `openEngine({ device: "gpu", software: "fallback", workerUrl: "dist/hounsfield.js" })`;
  const text = readFileSync(source, "utf8");
  expect(text).toContain(before);
  writeFileSync(source, text.replace(before, after));
  mkdirSync(join(project.folder, "dist"));
  const script = join(project.folder, "node_modules/hounsfield/dist/standalone/hounsfield.js");
  copyFileSync(script, join(project.folder, "dist/hounsfield.js"));
  return project;
}

test("esbuild builds webpack's example, given the worker's address", async () => {
  const project = projectWithWorkerUrl();
  const options = ["--bundle", "--splitting", "--format=esm", "--minify", "--outdir=dist"];
  await project.run("esbuild", "main=src/index.js", ...options);
  await expectTwoFolders(await served(project.folder));
});

test("Rollup builds webpack's example, given the worker's address", async () => {
  const project = projectWithWorkerUrl();
  await project.run("rollup", "--input", "main=src/index.js", "--plugin", "node-resolve", "--dir", "dist");
  await expectTwoFolders(await served(project.folder));
});

test("Parcel builds Vite's example, told to read the package's exports", async () => {
  const project = createProject("examples/vite", {
    "package.json": JSON.stringify({ "@parcel/resolver-default": { packageExports: true } }),
    // Parcel looks for its configuration where the nearest lock file is.
    "package-lock.json": "{}",
  });
  await project.run("parcel", "build", "index.html");
  await expectTwoFolders(await served(join(project.folder, "dist")));
});
