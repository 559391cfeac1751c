import { fileURLToPath } from "node:url";

/** Node's module, which xmlbuilder2, that cornerstone3D and vtk.js bring, extends as it is loaded. */
const events = fileURLToPath(new URL("events.js", import.meta.url));

export default {
  base: "./",
  resolve: { alias: [{ find: /^events$/, replacement: events }] },
  build: { target: "es2022", minify: false },
  worker: { format: "es" },
};
