#!/usr/bin/env node
import { run } from "../dist/cli.js";

// Explicit: Dawn's threads would otherwise decide how the process ends.
process.exit(await run(process.argv.slice(2)));
