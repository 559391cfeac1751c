/** `hounsfield` in Node. */
export * from "../index.js";
export { type OpenEngineOptions, openEngine } from "./open_engine.js";
export { folderSources } from "./sources.js";
