import { builtinModules } from "node:module";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const entry = (path: string) => resolve(import.meta.dirname, "src", path);

/** The library: one entry a subpath export, the command line, and the workers that Node starts as files. */
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    minify: false,
    sourcemap: true,
    lib: {
      formats: ["es"],
      entry: {
        index: entry("browser/index.ts"),
        node: entry("node/index.ts"),
        cli: entry("node/cli/main.ts"),
        decode_worker_node: entry("node/decode_worker.ts"),
        compute_worker_node: entry("node/compute_worker.ts"),
        dicom: entry("dicom/index.ts"),
        decode: entry("decode/index.ts"),
        ops: entry("ops/index.ts"),
        formats: entry("formats/index.ts"),
        cohort: entry("cohort/index.ts"),
        phantom: entry("phantom/index.ts"),
      },
    },
    rollupOptions: {
      external: [...builtinModules, /^node:/, "webgpu"],
      // All in one folder: modules find the worker beside themselves.
      output: { entryFileNames: "[name].js", chunkFileNames: "shared-[name]-[hash].js" },
    },
  },
  worker: { format: "es" },
});
