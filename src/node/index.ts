/** `hounsfield` in Node: the same names and types as in a browser (`src/browser/index.ts`). */
export * from "../index.js";
export { openEngine } from "./open_engine.js";
export { openSources } from "./open_sources.js";
export { folderSources } from "./sources.js";
