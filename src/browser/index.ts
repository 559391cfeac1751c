/** `hounsfield` in a browser: the same names and types as in Node (`src/node/index.ts`). */
export * from "../index.js";
export { folderSources } from "./folder_sources.js";
export { openEngine } from "./open_engine.js";
export { openSources } from "./open_sources.js";
