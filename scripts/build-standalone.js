// Builds dist/standalone/: the browser library, for a page without a bundler. Codecs, engines and the
// worker stay files of their own, fetched when they are needed.
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function buildStandalone() {
  const output = { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" };
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    base: "./",
    build: {
      outDir: `${root}/dist/standalone`,
      assetsDir: ".",
      target: "es2022",
      modulePreload: false,
      reportCompressedSize: false,
      rollupOptions: {
        input: { hounsfield: `${root}/src/browser/index.ts` },
        preserveEntrySignatures: "strict",
        output,
      },
    },
    worker: { format: "es", rollupOptions: { output } },
  });
}
