import { HounsfieldError } from "../../core/errors.js";
import type { DeviceEvent, EngineBuffer, Restorer } from "../engine.js";
import type { BufferTable } from "./buffer_table.js";

/**
 * Before each try to open a device in place of a lost one: a driver that restarts has no adapter for a
 * moment.
 */
const triesAfterMs = [0, 250, 1000, 3000];
/**
 * A device that is lost this often within a minute will be lost again: better an error than a machine that
 * stutters.
 */
const mostLosses = 3;
const lossesWithinMs = 60_000;

/** What an engine on one device must offer to be replaced by its like on another. */
interface OnDevice {
  readonly device: GPUDevice;
  readonly lost: Promise<GPUDeviceLostInfo>;
  /** New memory, zeroed, for a buffer that lost its own. */
  renew(buffer: EngineBuffer): Promise<void>;
  /** Ends the device; buffers stay in the table. */
  close(): void;
}

export interface DeviceRecovery<E> {
  readonly current: E;
  readonly lost: Promise<GPUDeviceLostInfo>;
  onDevice(listener: (event: DeviceEvent) => void): () => void;
  restoreWith(buffer: EngineBuffer, restorer: Restorer): void;
  destroy(): void;
}

/**
 * Keeps an engine going over the loss of its device (driver reset, a tab long in the background,
 * `device.destroy()`): opens another, gives buffers that can be made again new memory under their old names,
 * and has their makers fill them.
 */
export async function recoverDevice<E extends OnDevice>(
  open: () => Promise<E>,
  buffers: BufferTable,
  /** None where no other device can be had. */
  tries: readonly number[] = triesAfterMs,
): Promise<DeviceRecovery<E>> {
  const listeners = new Set<(event: DeviceEvent) => void>();
  const restorers = new WeakMap<EngineBuffer, Restorer>();
  const losses: number[] = [];
  let current = await open();
  let ended = false;
  let finish = (_: GPUDeviceLostInfo) => {};
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => (finish = resolve));

  const tell = (event: DeviceEvent) => {
    for (const listener of [...listeners]) listener(event);
  };
  const watch = (watched: E) =>
    void watched.lost.then((info) => (ended ? finish(info) : recover(watched, info)));

  const recover = async (gone: E, info: GPUDeviceLostInfo) => {
    buffers.loseAll();
    tell({ kind: "lost", error: lossOf(info) });
    gone.close();
    try {
      noteLoss();
      const next = await openAgain();
      if (!next) return finish(info);
      current = next;
      watch(current);
      await restoreAll();
    } catch (cause) {
      ended = true;
      const error = lossOf(info, cause);
      for (const buffer of buffers.lost()) restorers.get(buffer)?.failed(error);
      tell({ kind: "gone", error });
      finish(info);
    }
  };

  const noteLoss = () => {
    const now = performance.now();
    losses.push(now);
    const recent = losses.filter((at) => now - at < lossesWithinMs).length;
    if (recent > mostLosses)
      throw new HounsfieldError("device-lost", `the GPU device was lost ${recent} times within a minute`);
  };

  /** Undefined when the engine was destroyed meanwhile. Throws the last try's error. */
  const openAgain = async (): Promise<E | undefined> => {
    let failure: unknown;
    for (const ms of tries) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (ended) return undefined;
      try {
        const next = await open();
        if (!ended) return next;
        next.close();
        return undefined;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };

  /** Memory for all first, so that who is told finds every buffer; then their values, one after another. */
  const restoreAll = async () => {
    const on = current;
    // Lost in its turn, it says nothing of whether values can be made: the next device is asked.
    let isGone = false;
    on.lost.then(() => (isGone = true));
    const isStill = () => !ended && !isGone && current === on;
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
    if (isStill()) tell({ kind: "reopened" });
    for (const buffer of renewed) {
      if (isStill() && buffers.has(buffer)) await restorers.get(buffer)?.restore().catch(lose(buffer));
    }
  };

  watch(current);
  return {
    get current() {
      return current;
    },
    lost,
    onDevice(listener: (event: DeviceEvent) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    restoreWith(buffer: EngineBuffer, restorer: Restorer): void {
      buffers.get(buffer);
      restorers.set(buffer, restorer);
    },
    destroy(): void {
      if (!ended) tell({ kind: "closed" });
      ended = true;
      listeners.clear();
      current.close();
    },
  };
}

/** The error of work on a device that is lost. */
export function lossOf({ reason, message }: GPUDeviceLostInfo, cause?: unknown): HounsfieldError {
  return new HounsfieldError("device-lost", `the GPU device was lost: ${message || reason}`, {}, cause);
}
