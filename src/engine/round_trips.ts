import type { Engine } from "./engine.js";

/*
 * What a recipe of many steps does to wait less often for its device: each answer costs from 0.3 ms up,
 * whatever is asked.
 */

/** Runs `task` while memory that its steps free is kept for those that follow. */
export function keepingFreed<T>(engine: Engine, task: () => Promise<T>): Promise<T> {
  return engine.keepFreed ? engine.keepFreed(task) : task();
}

/**
 * The results of tasks that do not need each other, in order. On a device they run side by side, and what
 * each reads is asked in the same round trips; else one after another. When one fails the error is thrown
 * after all have ended: what others made is theirs to own before they end.
 */
export function together<T extends readonly unknown[]>(
  engine: Engine,
  ...tasks: { readonly [K in keyof T]: () => Promise<T[K]> }
): Promise<T>;
export async function together(
  engine: Engine,
  ...tasks: readonly (() => Promise<unknown>)[]
): Promise<readonly unknown[]> {
  if (engine.together) return engine.together(tasks);
  const results: unknown[] = [];
  for (const task of tasks) results.push(await task());
  return results;
}
