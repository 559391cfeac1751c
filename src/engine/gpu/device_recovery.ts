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

/** What becomes of an engine whose device may be lost. */
export type RecoveryPhase =
  | "running"
  /** The device is lost, and another one is being opened. */
  | "reopening"
  /** Another one is there, on which values are being made again. */
  | "restoring"
  /** It was destroyed, or no other device could be had. */
  | "ended";

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
  return new DeviceRecovery(await open(), open, buffers, tries);
}

export class DeviceRecovery<E extends OnDevice> {
  /** Resolves when there will be no other device. */
  readonly lost: Promise<GPUDeviceLostInfo>;
  private readonly open: () => Promise<E>;
  private readonly buffers: BufferTable;
  private readonly tries: readonly number[];
  private readonly listeners = new Set<(event: DeviceEvent) => void>();
  private readonly restorers = new WeakMap<EngineBuffer, Restorer>();
  private readonly lossesAtMs: number[] = [];
  private finish = (_: GPUDeviceLostInfo) => {};
  /** The engine on the device that is there. */
  current: E;
  phase: RecoveryPhase = "running";

  /** `tries`: how long to wait before each, in ms. */
  constructor(
    first: E,
    open: () => Promise<E>,
    buffers: BufferTable,
    tries: readonly number[] = triesAfterMs,
  ) {
    this.lost = new Promise<GPUDeviceLostInfo>((resolve) => (this.finish = resolve));
    this.open = open;
    this.buffers = buffers;
    this.tries = tries;
    this.current = first;
    this.watch(first);
  }

  onDevice = (listener: (event: DeviceEvent) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  restoreWith = (buffer: EngineBuffer, restorer: Restorer): void => {
    this.buffers.get(buffer);
    this.restorers.set(buffer, restorer);
  };

  destroy(): void {
    if (!this.hasEnded()) this.tell({ kind: "closed" });
    this.phase = "ended";
    this.listeners.clear();
    this.current.close();
  }

  /** Asked after each wait, during which the engine may have been destroyed. */
  private hasEnded(): boolean {
    return this.phase === "ended";
  }

  private tell(event: DeviceEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  private watch(watched: E): void {
    watched.lost.then((info) => (this.hasEnded() ? this.finish(info) : this.recover(watched, info)));
  }

  private async recover(gone: E, info: GPUDeviceLostInfo): Promise<void> {
    this.phase = "reopening";
    this.buffers.loseAll();
    this.tell({ kind: "lost", error: lossOf(info) });
    gone.close();
    try {
      this.noteLoss();
      const next = await this.openAgain();
      if (!next) return this.finish(info);
      this.current = next;
      this.phase = "restoring";
      this.watch(next);
      await this.restoreAll(next);
    } catch (cause) {
      this.phase = "ended";
      const error = lossOf(info, cause);
      for (const buffer of this.buffers.lost()) this.restorers.get(buffer)?.failed(error);
      this.tell({ kind: "gone", error });
      this.finish(info);
    }
  }

  private noteLoss(): void {
    const now = performance.now();
    this.lossesAtMs.push(now);
    const recent = this.lossesAtMs.filter((at) => now - at < lossesWithinMs).length;
    if (recent > mostLosses)
      throw new HounsfieldError("device-lost", `the GPU device was lost ${recent} times within a minute`);
  }

  /** Undefined when the engine was destroyed meanwhile. Throws the last try's error. */
  private async openAgain(): Promise<E | undefined> {
    let failure: unknown;
    for (const ms of this.tries) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (this.hasEnded()) return undefined;
      try {
        const next = await this.open();
        if (!this.hasEnded()) return next;
        next.close();
        return undefined;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Memory for all first, so that who is told finds every buffer; then their values, one after another. */
  private async restoreAll(on: E): Promise<void> {
    // Lost in its turn, it says nothing of whether values can be made: the next device is asked.
    const isStill = () => this.phase === "restoring" && this.current === on;
    const lose = (buffer: EngineBuffer) => (cause: unknown) => {
      if (!isStill()) return;
      this.buffers.lose(buffer, cause);
      this.restorers.get(buffer)?.failed(cause);
    };
    const renewed: EngineBuffer[] = [];
    for (const buffer of this.buffers.lost()) {
      if (!isStill() || !this.restorers.has(buffer)) continue;
      await on.renew(buffer).then(() => renewed.push(buffer), lose(buffer));
    }
    if (isStill()) this.tell({ kind: "reopened" });
    for (const buffer of renewed) {
      if (isStill() && this.buffers.has(buffer))
        await this.restorers.get(buffer)?.restore().catch(lose(buffer));
    }
    if (isStill()) this.phase = "running";
  }
}

/** The error of work on a device that is lost. */
export function lossOf({ reason, message }: GPUDeviceLostInfo, cause?: unknown): HounsfieldError {
  return new HounsfieldError("device-lost", `the GPU device was lost: ${message || reason}`, {}, cause);
}
