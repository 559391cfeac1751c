import { HounsfieldError } from "../../core/errors.js";
import type { EngineBuffer } from "../engine.js";
import type { DeviceRecovery, OnDevice } from "./device_recovery.js";

/**
 * Before each try to open a device in place of a lost one: a driver that restarts has no adapter for a
 * moment.
 */
const triesAfterMs: readonly number[] = [0, 250, 1000, 3000];
/**
 * A device that is lost this often within a minute will be lost again: better an error than a machine that
 * stutters.
 */
const MOST_LOSSES = 3;
const LOSSES_WITHIN_MS = 60_000;

/**
 * Opens another device and has what can be made again made on it. Undefined when the engine was destroyed
 * meanwhile. Throws the last try's error; `device-lost` where devices are lost too often.
 */
export async function reopen<E extends OnDevice>(recovery: DeviceRecovery<E>): Promise<E | undefined> {
  refuseTooMany(recovery.lossesAtMs);
  const next = await openAgain(recovery);
  if (!next) return undefined;
  recovery.replace(next);
  await restoreAll(recovery, next);
  return next;
}

function refuseTooMany(lossesAtMs: readonly number[]): void {
  const last = lossesAtMs.at(-1) ?? 0;
  const recent = lossesAtMs.filter((at) => last - at < LOSSES_WITHIN_MS).length;
  if (recent > MOST_LOSSES)
    throw new HounsfieldError("device-lost", `the GPU device was lost ${recent} times within a minute`);
}

async function openAgain<E extends OnDevice>(recovery: DeviceRecovery<E>): Promise<E | undefined> {
  let failure: unknown;
  for (const ms of recovery.tries ?? triesAfterMs) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (recovery.hasEnded()) return undefined;
    try {
      const next = await recovery.open();
      if (!recovery.hasEnded()) return next;
      next.close();
      return undefined;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Memory for all first, so that who is told finds every buffer; then their values, one after another. */
async function restoreAll<E extends OnDevice>(recovery: DeviceRecovery<E>, on: E): Promise<void> {
  const { buffers, restorers } = recovery;
  // Lost in its turn, it says nothing of whether values can be made: the next device is asked.
  const isStill = () => recovery.phase === "restoring" && recovery.current === on;
  const lose = (buffer: EngineBuffer) => (cause: unknown) => {
    if (!isStill()) return;
    buffers.lose(buffer, cause);
    restorers.get(buffer)?.failed(cause);
  };
  const renewed: EngineBuffer[] = [];
  for (const buffer of buffers.lost()) {
    if (!isStill() || !restorers.has(buffer)) continue;
    await on.renew(buffer).then(() => renewed.push(buffer), lose(buffer));
  }
  if (isStill()) recovery.tell({ kind: "reopened" });
  for (const buffer of renewed) {
    if (isStill() && buffers.has(buffer)) await restorers.get(buffer)?.restore().catch(lose(buffer));
  }
  if (isStill()) recovery.phase = "running";
}
