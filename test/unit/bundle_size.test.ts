import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildPage } from "../support/pages.js";

const mostBytes = 80_000;

/** Of what a chunk loads when needed, what a series of raw or JPEG Lossless slices needs. Static imports count without being named. */
const needed: Readonly<Record<string, readonly string[]>> = {
  index: ["gpu_engine", "decode_worker"],
  decode_worker: ["raw", "jpeg_lossless"],
  jpeg_lossless: ["jpeg_lossless.generated"],
};

test(`the core (reading, raw and JPEG Lossless decode, volume, views) is at most ${mostBytes} bytes gzipped`, async () => {
  const parts = loadedParts(join(await buildPage("test/browser/size_page"), "assets"));
  const names = parts.map(({ chunk }) => moduleName(chunk));
  expect(names).toEqual(expect.arrayContaining(Object.values(needed).flat()));
  // What must come on demand: other codecs, the CPU engine, the operations' kernels.
  expect(names.join()).not.toMatch(/jpeg_2000|openj|jpeg_ls|rle|cpu|^ops|operation/);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const list = parts.map((part) => `${part.chunk} ${part.bytes}`).join("\n");
  expect(bytes, `${bytes} bytes gzipped:\n${list}`).toBeLessThanOrEqual(mostBytes);
});

/** The chunks of a built page that its browser fetches, from the first one on, and their sizes. */
function loadedParts(folder: string): { chunk: string; bytes: number }[] {
  const chunks = readdirSync(folder);
  const text = (chunk: string) => readFileSync(join(folder, chunk), "utf8");
  const loaded = new Set<string>();
  const load = (chunk: string) => {
    if (loaded.has(chunk)) return;
    loaded.add(chunk);
    const code = text(chunk);
    const wanted = needed[moduleName(chunk)] ?? [];
    const onDemand = chunks.filter((name) => code.includes(name) && wanted.includes(moduleName(name)));
    const imported = chunks.filter(
      (name) => code.includes(`from"./${name}`) || code.includes(`import"./${name}`),
    );
    for (const name of [...imported, ...onDemand]) load(name);
  };
  load(chunks.find((name) => moduleName(name) === "index")!);
  return [...loaded].map((chunk) => ({ chunk, bytes: gzipSync(text(chunk), { level: 9 }).length }));
}

/** Without the hash and the ending that the bundler gives. */
function moduleName(chunk: string): string {
  return chunk.replace(/-[\w-]{8}\.js$/, "");
}
