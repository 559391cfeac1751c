#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

// Each kernel is compiled when it is first called, as newer versions of Node do by themselves: a command uses
// a dozen of a hundred, and compiling them all took 0.25 CPU seconds, a fifth of a whole run.
setFlagsFromString("--wasm-lazy-compilation");
const { run } = await import("#dist/node/cli.js");

// Explicit: Dawn's threads would otherwise decide how the process ends.
process.exit(await run(process.argv.slice(2)));
