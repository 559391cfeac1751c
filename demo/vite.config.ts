import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The page against the library's source: what an application sees as `hounsfield`, without a build between.
 */
export default defineConfig({
  root: path("."),
  base: "./",
  resolve: {
    alias: [
      { find: /^hounsfield$/, replacement: path("../src/browser/index.ts") },
      { find: /^\.\/script_urls\.js$/, replacement: path("./script_urls.ts") },
      { find: /^hounsfield\/(dicom|formats|phantom)$/, replacement: path("../src/$1/index.ts") },
    ],
  },
  build: { outDir: path("../out/demo"), emptyOutDir: true, target: "es2022" },
  worker: { format: "es" },
});
