/** `hounsfield` in Node. */
export * from "../index.js";
export { type OpenEngineOptions, openEngine } from "./open_engine.js";
export { type OpenSourcesOptions, openSources } from "./open_sources.js";
export { type FolderOptions, folderSources } from "./sources.js";
