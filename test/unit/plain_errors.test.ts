import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../../src");

/** Errors without a code that are made on purpose, by file, and why no caller meets them as they are. */
const reasons: Readonly<Record<string, string>> = {
  "browser/codec_by_url.ts": "the cause of worker-failed, in the same function",
  "browser/decode_worker.ts": "the cause of worker-failed, or of decode-failed in the pool",
  "node/spawn_worker.ts": "the cause of worker-failed, or of decode-failed in the pool",
  "engine/cpu/arena.ts": "the cause of out-of-memory, in the same function",
  "engine/cpu/wasm_memory.ts": "the cause of out-of-memory",
  "dicom/syntax/elements.ts": "becomes malformed-dicom where the file and the offset are known",
  "dicom/syntax/parse_elements.ts": "becomes malformed-dicom where the file and the offset are known",
  "engine/gpu/gpu_engine.ts": "the causes, where there are several, of out-of-memory or internal",
  "engine/gpu/open_device.ts": "the cause of no-gpu, in the same file",
  "decode/codecs/jpeg_2000/emscripten_module.ts": "what Emscripten takes for a refusal to grow",
  "volume/slice_window.ts": "an abort's reason, of decoding that nobody waits for",
  "volume/slice_arrivals.ts": "an abort's reason, of decoding that nobody waits for",
  "volume/stored_frames.ts": "for the frames behind one whose error is thrown",
  "render/view/view_owner.ts": "AbortError of a picture that the view was destroyed under",
};

const PLAIN = /\bnew (?:[A-Z]\w*)?(?<!Hounsfield)(?:Error|DOMException)\(/;
const OTHERS = /\bthrow (?:"|'|`|\{|\d)/;

test("every error of the library has a code, but for those with a reason", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    // The command line has errors of its own, of how it was called.
    .filter((name) => /\.ts$/.test(name) && !/generated|^node\/cli\//.test(name));
  const code = (name: string) =>
    readFileSync(join(source, name), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const found = files.filter((name) => PLAIN.test(code(name)) || OTHERS.test(code(name)));
  expect(files.length).toBeGreaterThan(280);
  expect(found.sort()).toEqual(Object.keys(reasons).sort());
});

test.each([
  [`throw new Error("why")`, true],
  [`throw new RangeError("why")`, true],
  [`reject(new DOMException("why", "AbortError"))`, true],
  [`throw "why"`, true],
  [`throw new HounsfieldError("io", "why")`, false],
  [`throw invalidOption("of", "option", 1, 2)`, false],
  [`class UsageError extends Error {}`, false],
  [`throw cause`, false],
])("%s: %s", (code, isPlain) => expect(PLAIN.test(code) || OTHERS.test(code)).toBe(isPlain));
