import type { Control } from "../core/control.js";
import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import type { RulesOf } from "../core/options.js";
import { callback, controlRules } from "../core/rules.js";

/** Options of folderSources, directorySources and openSources. */
export interface FolderOptions extends Control {
  /**
   * Called with each file, folder or link that cannot be read, which is then left out. Without it the first
   * one is thrown: it may be a slice, and a stack without it would be another.
   */
  readonly onUnreadable?: (error: HounsfieldError) => void;
}

export const folderRules: RulesOf<FolderOptions> = { ...controlRules, onUnreadable: callback };

/** Undefined where `work` ended in an `io` error and `onUnreadable` took it. */
export async function unlessUnreadable<T>(
  { onUnreadable }: FolderOptions,
  work: Promise<T>,
): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!onUnreadable || !isHounsfieldError(error, "io")) throw error;
    onUnreadable(error);
    return undefined;
  }
}

/** @throws HounsfieldError `io` naming `path` and what the system or the browser says of it */
export async function orIoError<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HounsfieldError("io", `${path}: cannot be read (${why})`, { file: path }, cause);
  }
}
