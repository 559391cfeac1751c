import { HounsfieldError } from "../core/errors.js";

/** What a page can do about it, in one sentence. */
const PAGE_REMEDY =
  "check that the server has it and the Content Security Policy allows it (worker-src, script-src); or give openEngine a workerUrl, a createWorker, or workers: 0 to decode in the page's thread";

/**
 * The error of a worker that does not start. It is about the page or the process, never about a file that was
 * to be decoded. `url` is the address of its script, where it is known.
 */
export function workerFailed(
  url: string | undefined,
  cause: unknown,
  remedy = PAGE_REMEDY,
): HounsfieldError<"worker-failed"> {
  const script = url === undefined ? "a worker" : `the worker ${url}`;
  const message = `${script} could not be started (${reasonOf(cause)}): ${remedy}`;
  return new HounsfieldError("worker-failed", message, { url }, cause);
}

/**
 * A module of the library, or why it could not be had: `worker-failed`, where the browser says no more than
 * that it is not there.
 */
export async function imported<Module>(loading: Promise<Module>, url?: string): Promise<Module> {
  try {
    return await loading;
  } catch (cause) {
    const what = url === undefined ? "a codec's module" : `the codec's module ${url}`;
    const message = `${what} could not be loaded (${reasonOf(cause)}): ${PAGE_REMEDY}`;
    throw new HounsfieldError("worker-failed", message, { url }, cause);
  }
}

function reasonOf(cause: unknown): string {
  return (cause instanceof Error && cause.message) || "the browser does not say why";
}
