/** `hounsfield` in a browser. */
export * from "../index.js";
export { type OpenEngineOptions, openEngine } from "./open_engine.js";
export { type OpenableInput, openSources } from "./open_sources.js";
export { directorySources, droppedSources, fileSources } from "./sources.js";
