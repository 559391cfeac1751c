// @ts-check
// Operations and views on a second implementation of WebGPU: wgpu, whose naga compiles the WGSL, in Deno, on
// the same SwiftShader as Dawn.
//
//   npm run test:wgpu            the files that `npm test` runs so
//   npm run test:wgpu -- FILES   others
//
// Deno and SwiftShader come from npm; the latter for Linux on x64 alone, and elsewhere this is skipped and
// says so.
import { chmodSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findSwiftShader } from "#dist/node/swiftshader.js";
import { countLine, runVitest } from "./run-vitest.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Every module compiled, a kernel of each kind run, and what limits that are not Dawn's change. */
const files = [
  "wgsl",
  "engine",
  "ops",
  "gaussian",
  "gradient_magnitude",
  "median",
  "histogram",
  "map_volume",
  "resample",
  "measure_mask",
  "downsample_device",
].map((name) => `test/gpu/${name}.gpu.test.ts`);

/**
 * @param {readonly string[]} chosen files, those above where there are none
 * @returns {import("./run-vitest.js").Counts}
 */
export function testWgpu(chosen = []) {
  const deno = findDeno();
  const swiftShader = findSwiftShader();
  if (!deno || !swiftShader) {
    console.log("no Deno or no SwiftShader for this machine: the tests on wgpu are skipped");
    return { passed: 0, failed: 0, skipped: 1 };
  }
  // Vitest runs what there is of the files that it is given, and says nothing of the rest.
  const gone = files.filter((file) => !existsSync(join(root, file)));
  if (gone.length > 0) throw new Error(`no such test: ${gone.join(", ")}`);
  return runVitest(["--project", "all", ...(chosen.length > 0 ? chosen : files)], {
    name: "Deno on wgpu",
    command: [deno, "run", "-A", "--unstable-webgpu"],
    // wgpu loads the Vulkan loader by its name, and that the driver of the manifest.
    env: {
      HOUNSFIELD_TEST_WEBGPU: "wgpu",
      LD_LIBRARY_PATH: dirname(swiftShader.loader),
      VK_ICD_FILENAMES: swiftShader.manifest,
    },
  });
}

/** Deno's binary: its package's own script would start a Node before it. */
function findDeno() {
  try {
    const own = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
    const file = own.resolve("@deno/linux-x64-glibc/deno");
    chmodSync(file, 0o755);
    return file;
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const counts = testWgpu(process.argv.slice(2));
  console.log(countLine(counts));
  process.exit(counts.failed === 0 ? 0 : 1);
}
