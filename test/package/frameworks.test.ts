import { join } from "node:path";
import { expect, test } from "vitest";
import { pictureJudge } from "./support/expected_picture.js";
import { createProject } from "./support/project.js";
import { served } from "./support/serve.js";
import { visitor } from "./support/visit.js";

const visit = visitor();
const expectPicture = pictureJudge();

test.each([["Turbopack"], ["webpack", "--webpack"]])(
  "Next builds the example with %s",
  async (_name, ...options) => {
    const project = createProject("examples/next");
    await project.run("next", "build", ...options);
    const url = await project.serve("next", "start", "--hostname", "127.0.0.1", "--port", "{port}");
    const html = await (await fetch(url)).text();
    expect(html).toContain("hounsfield");
    const [first, second] = await visit(url, 2);
    await expectPicture(first);
    await expectPicture(second);
  },
);

test("React, built by Vite", async () => {
  const project = createProject("examples/react");
  await project.run("npm", "run", "build");
  for (const picture of await visit(await served(join(project.folder, "dist")), 2))
    await expectPicture(picture);
});

test("React in development, where StrictMode mounts, unmounts and mounts again", async () => {
  const project = createProject("examples/react");
  const url = await project.serve("vite", "--host", "127.0.0.1", "--port", "{port}", "--strictPort");
  const [first, second] = await visit(url, 2);
  await expectPicture(first);
  await expectPicture(second);
  expect(second.gpuBytes).toBe(first.gpuBytes);
});

test("a worker that draws on the page's canvas, built by Vite", async () => {
  const project = createProject("examples/worker");
  await project.run("npm", "run", "build");
  for (const picture of await visit(await served(join(project.folder, "dist")), 2))
    await expectPicture(picture);
});

test("a worker that draws on the page's canvas, in development", async () => {
  const project = createProject("examples/worker");
  const url = await project.serve("vite", "--host", "127.0.0.1", "--port", "{port}", "--strictPort");
  for (const picture of await visit(url, 2)) await expectPicture(picture);
});
