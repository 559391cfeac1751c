import { setMaxListeners } from "node:events";
import { isHounsfieldError } from "../../core/errors.js";
import { nearest } from "../../core/options.js";
import { version } from "../../core/version.js";
import { WORKER_COMMAND } from "../cohort/worker_process.js";
import { exitCode } from "./exit_codes.js";
import { adviceOn, problemObject, problemText } from "./problem_text.js";
import { UsageError } from "./usage_error.js";

/** Resolves to its exit code where that is not plainly "done". */
type Command = (args: string[], signal: AbortSignal) => Promise<unknown>;

/**
 * Loaded when called: the modules of all commands together take as long to load as a series takes to decode.
 */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  info: async () => (await import("./info.js")).info,
  preprocess: async () => (await import("./preprocess.js")).preprocessCommand,
  convert: async () => (await import("./convert.js")).convertCommand,
  render: async () => (await import("./render.js")).renderCommand,
  decode: async () => (await import("./decode.js")).decodeCommand,
  phantom: async () => (await import("./phantom.js")).phantom,
  cohort: async () => (await import("./cohort.js")).cohortCommand,
  merge: async () => (await import("./cohort.js")).mergeCommand,
  verify: async () => (await import("./verify.js")).verifyCommand,
  stats: async () => (await import("./stats.js")).statsCommand,
  audit: async () => (await import("./audit.js")).auditCommand,
  deidentify: async () => (await import("./deidentify.js")).deidentifyCommand,
};

/** What other commands start for themselves. */
const hidden: typeof commands = {
  [WORKER_COMMAND]:
    async () =>
    async ([setup]) =>
      (await import("../cohort/worker.js")).runWorker(JSON.parse(setup)),
};

const helps: Readonly<Record<string, () => Promise<string>>> = {
  info: async () => (await import("./help/info.js")).infoHelp,
  preprocess: async () => (await import("./help/preprocess.js")).preprocessHelp,
  convert: async () => (await import("./help/convert.js")).convertHelp,
  render: async () => (await import("./help/render.js")).renderHelp,
  decode: async () => (await import("./help/decode.js")).DECODE_HELP,
  phantom: async () => (await import("./help/phantom.js")).PHANTOM_HELP,
  cohort: async () => (await import("./help/cohort.js")).COHORT_HELP,
  merge: async () => (await import("./help/cohort.js")).MERGE_HELP,
  verify: async () => (await import("./help/cohort.js")).VERIFY_HELP,
  stats: async () => (await import("./help/stats.js")).STATS_HELP,
  audit: async () => (await import("./help/identity.js")).AUDIT_HELP,
  deidentify: async () => (await import("./help/identity.js")).DEIDENTIFY_HELP,
};

/** `hounsfield --help`, `hounsfield COMMAND --help` and `hounsfield help COMMAND`. */
async function helpOn(command: string | undefined): Promise<string> {
  if (command !== undefined && Object.hasOwn(helps, command)) return helps[command]();
  return (await import("./help/overview.js")).OVERVIEW;
}

/**
 * Runs one command line; resolves to the exit code. The first Ctrl-C cancels cleanly, a second one ends at
 * once.
 */
export async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || args.includes("--help") || name === "help") {
    const text = await helpOn(name === "help" ? rest[0] : name);
    (name === undefined ? process.stderr : process.stdout).write(text);
    return name === undefined ? exitCode.usage : exitCode.done;
  }
  if (name === "--version") {
    console.log(version);
    return exitCode.done;
  }
  const interrupt = new AbortController();
  // Every frame under way listens, and there are more of these than the ten at which Node suspects a leak.
  setMaxListeners(0, interrupt.signal);
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(exitCode.interrupted);
    interrupt.abort();
  };
  // Whoever read the output is gone (`| head`): nobody wants the rest.
  const onPipeClosed = () => interrupt.abort();
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  process.stdout.on("error", onPipeClosed);
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : hidden[name];
    if (!command) throw noCommand(name);
    const code = await (await command())(rest, interrupt.signal);
    return typeof code === "number" ? code : exitCode.done;
  } catch (error) {
    const code = report(error, interrupt.signal, Object.hasOwn(commands, name) ? `${name} ` : "");
    if (rest.includes("--json")) process.stdout.write(`${JSON.stringify(problemObject(error, code))}\n`);
    return code;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function noCommand(name: string): UsageError {
  const near = nearest(name, Object.keys(commands));
  const advice = near ? `did you mean "${near}"?` : `there are ${Object.keys(commands).join(", ")}`;
  return new UsageError(`no command "${name}"; ${advice}`);
}

/** `command` is what its help is asked for by, with a space behind it. */
function report(error: unknown, signal: AbortSignal, command: string): number {
  const say = (text: string) => process.stderr.write(`\nhounsfield: ${text}\n`);
  if (signal.aborted) {
    say("interrupted; nothing was left behind");
    return exitCode.interrupted;
  }
  if (error instanceof UsageError || isHounsfieldError(error, "invalid-option")) {
    say(`${error.message}${isHounsfieldError(error) ? adviceOn(error) : ""} (hounsfield ${command}--help)`);
    return exitCode.usage;
  }
  if (isHounsfieldError(error)) {
    say(problemText(error));
    return error.code === "no-gpu" ? exitCode.noGpu : exitCode.refused;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCode.refused;
}
