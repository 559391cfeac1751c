// Bundles what must be one file: the page's worker, the codecs that it loads by their addresses, and
// dist/standalone/hounsfield.js, the whole browser library for a page without a bundler, which is its own
// workers' script. Each imports nothing, so that it can be copied, and is told nowhere by whom: what bundlers
// copy as an asset, and what a person copies to a server.
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Of files that take the place of the module of the same name in dist/. */
const inPlace = [
  "browser/worker",
  "decode/codecs/rle/rle",
  "decode/codecs/jpeg_dct/jpeg_dct",
  "decode/codecs/jpeg_ls/jpeg_ls",
  "decode/codecs/jpeg_2000/jpeg_2000",
  "decode/codecs/jpeg_2000/htj2k",
];

export async function buildBundles() {
  for (const name of inPlace) await bundle(`src/${name}.ts`, `dist/${name}.js`);
  await bundle("src/browser/standalone.ts", "dist/standalone/hounsfield.js", [
    { find: /^\.\/script_urls\.js$/, replacement: `${root}/src/browser/standalone_urls.ts` },
  ]);
}

/**
 * The command line in few files, each loaded when it is needed: reading 217 modules took a quarter of a short
 * run's CPU. All lie in dist/node/, where the workers are that they name. What is large and a file of its own
 * already is used as it lies in dist/.
 */
export async function bundleCli() {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    plugins: [
      {
        name: "files-of-dist",
        enforce: "pre",
        resolveId(id, importer) {
          if (!importer || !/\.generated\.js$|\/codecs\/(rle|jpeg_dct|jpeg_ls|jpeg_2000)\/\w+\.js$/.test(id))
            return null;
          const path = relative(`${root}/src`, resolve(dirname(importer), id)).replaceAll("\\", "/");
          return { id: `../${path}`, external: true };
        },
      },
    ],
    // Without comments and spaces, a third of what is read and sent; names stay, for who reads a stack.
    esbuild: { minifyWhitespace: true, minifyIdentifiers: false, minifySyntax: true },
    build: {
      ssr: `${root}/src/node/cli/main.ts`,
      outDir: `${root}/dist/node`,
      emptyOutDir: false,
      target: "es2022",
      minify: "esbuild",
      reportCompressedSize: false,
      rollupOptions: {
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "cli.js", chunkFileNames: "cli_[name].js" },
      },
    },
  });
}

/**
 * A bundler that takes a file which is loaded by its address for a page's script (Parcel) drops its exports:
 * codecs leave their makers on globalThis too, where src/browser/codec_by_url.ts looks for what an import did
 * not give.
 * @returns {import("vite").Plugin}
 */
function leavesExportsOnGlobal() {
  const suffix = "?left-on-global";
  return {
    name: "leaves-exports-on-global",
    enforce: "pre",
    resolveId: (id) => (id.endsWith(suffix) ? id : null),
    load(id) {
      if (!id.endsWith(suffix)) return null;
      const file = JSON.stringify(id.slice(0, -suffix.length));
      return `export * from ${file};
        import * as codec from ${file};
        globalThis[Symbol.for("hounsfield.codecs")] = { ...globalThis[Symbol.for("hounsfield.codecs")], ...codec };`;
    },
  };
}

/** @param {string} input @param {string} output @param {import("vite").Alias[]} alias */
async function bundle(input, output, alias = []) {
  const cut = output.lastIndexOf("/");
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    resolve: { alias },
    plugins: [leavesExportsOnGlobal()],
    build: {
      outDir: `${root}/${output.slice(0, cut)}`,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      reportCompressedSize: false,
      rollupOptions: {
        input: `${root}/${input}${input.includes("/codecs/") ? "?left-on-global" : ""}`,
        preserveEntrySignatures: "strict",
        output: { entryFileNames: output.slice(cut + 1), inlineDynamicImports: true },
      },
    },
  });
}
