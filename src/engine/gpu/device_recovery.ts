import { HounsfieldError } from "../../core/errors.js";
import type { DeviceEvent, EngineBuffer, Restorer } from "../engine.js";
import type { BufferTable } from "./buffer_table.js";

/** What an engine on one device must offer to be replaced by its like on another. */
export interface OnDevice {
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
  /** How long to wait before each, in ms; none where no other device can be had. */
  tries?: readonly number[],
): Promise<DeviceRecovery<E>> {
  return new DeviceRecovery(await open(), open, buffers, tries);
}

export class DeviceRecovery<E extends OnDevice> {
  /** Resolves when there will be no other device. */
  readonly lost: Promise<GPUDeviceLostInfo>;
  /** What reopen.ts works on, besides the phase. */
  readonly open: () => Promise<E>;
  readonly buffers: BufferTable;
  readonly tries: readonly number[] | undefined;
  readonly restorers = new WeakMap<EngineBuffer, Restorer>();
  readonly lossesAtMs: number[] = [];
  private readonly listeners = new Set<(event: DeviceEvent) => void>();
  private finish = (_: GPUDeviceLostInfo) => {};
  /** The engine on the device that is there. */
  current: E;
  phase: RecoveryPhase = "running";

  constructor(first: E, open: () => Promise<E>, buffers: BufferTable, tries: readonly number[] | undefined) {
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
  hasEnded(): boolean {
    return this.phase === "ended";
  }

  tell(event: DeviceEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  /** Takes another engine in the place of the one that is gone. */
  replace(next: E): void {
    this.current = next;
    this.phase = "restoring";
    this.watch(next);
  }

  private watch(watched: E): void {
    watched.lost.then((info) => (this.hasEnded() ? this.finish(info) : this.recover(watched, info)));
  }

  private async recover(gone: E, info: GPUDeviceLostInfo): Promise<void> {
    this.phase = "reopening";
    this.buffers.loseAll();
    this.tell({ kind: "lost", error: lossOf(info) });
    gone.close();
    this.lossesAtMs.push(performance.now());
    try {
      // Loaded at a loss: most pages never see one.
      const { reopen } = await import("./reopen.js");
      const next = await reopen(this);
      if (!next) this.finish(info);
    } catch (cause) {
      this.phase = "ended";
      const error = lossOf(info, cause);
      for (const buffer of this.buffers.lost()) this.restorers.get(buffer)?.failed(error);
      this.tell({ kind: "gone", error });
      this.finish(info);
    }
  }
}

/** The error of work on a device that is lost. */
export function lossOf({ reason, message }: GPUDeviceLostInfo, cause?: unknown): HounsfieldError {
  return new HounsfieldError("device-lost", `the GPU device was lost: ${message || reason}`, {}, cause);
}
