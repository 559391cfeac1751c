import type { EngineLimits } from "./engine.js";
import type { MemoryLedger } from "./memory_ledger.js";

/** Whether `bytes` more would be beyond what the engine was opened to hold. */
export function isOverBudget(
  memory: MemoryLedger,
  { budgetBytes }: Pick<EngineLimits, "budgetBytes">,
  bytes: number,
): boolean {
  return budgetBytes !== undefined && memory.bytes + bytes > budgetBytes;
}

/** @throws HounsfieldError `out-of-memory` where that is so */
export async function checkBudget(
  memory: MemoryLedger,
  limits: Pick<EngineLimits, "budgetBytes">,
  label: string,
  bytes: number,
): Promise<void> {
  if (isOverBudget(memory, limits, bytes))
    throw (await import("./over_limit.js")).overBudget(memory, limits, label, bytes);
}
