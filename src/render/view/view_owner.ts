import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { DeviceEvent } from "../../engine/engine.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import type { ViewChange, ViewState } from "../state/view_state.js";
import type { Downsampling } from "../texture/display_texture.js";
import type { Masks } from "../texture/label_texture.js";
import type { AnyCanvas } from "./canvas_context.js";
import { changedState } from "./changed_state.js";
import { checkMasks } from "./check_given.js";
import { DrawLoop } from "./draw_loop.js";
import { createEmitter } from "./emitter.js";
import { createSurface, type Surface } from "./surface.js";
import type { ViewEvents } from "./view_events.js";
import { type OpeningResources, openViewResources } from "./view_resources.js";

/**
 * Whether a view draws. It ends by an error, by the end of its volume or engine, or by a later view on its
 * canvas; its state can still be read then. Destroyed, it holds nothing any more.
 */
export type ViewPhase = "live" | "ended" | "destroyed";

/** What a view is made of, from its volume's textures to its canvas, for as long as it lives. */
export class ViewOwner {
  readonly volume: CtVolume;
  readonly surface: Surface;
  readonly events = createEmitter<ViewEvents>();
  private readonly engine: GpuEngine;
  private readonly loop: DrawLoop;
  private readonly unwatch: readonly ((() => void) | undefined)[];
  phase: ViewPhase = "live";
  /** Why it is not live. */
  private reason: unknown;
  state: ViewState;
  private masks: Masks | undefined;
  /** Those of the device that is there now. */
  private resources: OpeningResources | undefined;
  downsampling: Downsampling | undefined;

  constructor(canvas: AnyCanvas, volume: CtVolume, engine: GpuEngine, state: ViewState, masks?: Masks) {
    this.volume = volume;
    this.engine = engine;
    this.state = state;
    this.masks = masks;
    this.surface = createSurface(engine.device, canvas, {
      onSize: (isAnother) => this.onSize(isAnother),
      onTaken: () => this.yieldCanvas(),
    });
    this.loop = new DrawLoop(this.surface, {
      state: () => this.state,
      onDrawn: (finished) => this.events.emit("drawn", { finished }),
      onSettled: () => this.events.emit("settled", {}),
      onError: (error) => this.onError(error),
    });
    const onVolumeDestroyed = () => this.loseGround("volume");
    volume.lifetime.addEventListener("abort", onVolumeDestroyed);
    this.unwatch = [
      engine.onDevice?.((event) => this.onDevice(event)),
      () => volume.lifetime.removeEventListener("abort", onVolumeDestroyed),
    ];
    this.open();
  }

  get ready(): Promise<void> {
    return this.loop.ready;
  }

  throwIfEnded(): void {
    if (this.phase !== "live") throw this.reason;
  }

  set(change: ViewChange): void {
    this.throwIfEnded();
    const { state, changed, isSeen } = changedState(this.state, change);
    if (changed.length === 0) return;
    this.state = state;
    if (isSeen) this.loop.wake();
    this.events.emit("change", { state, changed });
  }

  setMasks(masks: Masks): void {
    this.throwIfEnded();
    this.masks = checkMasks("setMasks", masks);
    const before = this.resources;
    if (!before) return;
    this.loop.expect();
    this.open().then(before.destroy);
  }

  settled(): Promise<void> {
    if (this.phase === "live") return this.loop.settled();
    const refused = Promise.reject(this.reason);
    // As the loop's, it may go unheard.
    refused.catch(() => {});
    return refused;
  }

  destroy(): void {
    if (this.phase === "destroyed") return;
    this.end(new HounsfieldError("destroyed", "the view was used after its destroy()"));
    this.phase = "destroyed";
    this.loop.stop(aborted("the view was destroyed"));
    this.close();
    this.surface.destroy();
    this.events.clear();
  }

  /** Gives whether the view was live; it keeps the first reason. */
  private end(reason: unknown): boolean {
    if (this.phase !== "live") return false;
    this.phase = "ended";
    this.reason = reason;
    for (const unwatch of this.unwatch) unwatch?.();
    return true;
  }

  /** Makes what this view draws with, which the loop then uses. */
  private open(): Promise<unknown> {
    const { events } = this;
    const opening = openViewResources(this.volume, this.surface.format, this.masks, {
      onUpdate: () => this.loop.update(),
      onError: (error) => {
        // The engine tells of a loss by itself, and whether that is the end.
        if (!isHounsfieldError(error, "device-lost")) this.loop.fail(error);
      },
      onDisplay: (downsampling) => this.noteDownsampling(downsampling),
      onNoLabels: (error) => events.emit("notice", { code: "no-overlays", error }),
    });
    this.resources = opening;
    return opening.made.then(
      (made) => opening === this.resources && this.loop.use(made),
      (error) => opening === this.resources && this.loop.fail(error),
    );
  }

  private close(): void {
    this.resources?.destroy();
    this.resources = undefined;
  }

  private noteDownsampling(downsampling: Downsampling | undefined): void {
    const changed = JSON.stringify(downsampling) !== JSON.stringify(this.downsampling);
    this.downsampling = downsampling;
    if (downsampling && changed) this.events.emit("notice", { code: "downsampled", downsampling });
  }

  private onSize(isAnother: boolean): void {
    if (this.phase !== "live") return;
    const { widthPx, heightPx } = this.surface;
    if (isAnother) this.events.emit("resize", { widthPx, heightPx });
    this.loop.wake();
  }

  private onDevice(event: DeviceEvent): void {
    if (event.kind === "lost") {
      this.loop.use(undefined);
      this.close();
      this.events.emit("lost", { error: event.error });
    } else if (event.kind === "gone") {
      this.loop.fail(event.error);
    } else if (event.kind === "closed") {
      this.loseGround("engine");
    } else {
      this.surface.use(this.engine.device);
      this.open().then(() => this.resources && this.events.emit("recovered", {}));
    }
  }

  private onError(error: unknown): void {
    this.end(error);
    this.close();
    const isHeard = this.events.emit("error", { error });
    // Who destroyed what the view needs knows of it.
    if (!isHeard && !isHounsfieldError(error, "destroyed")) reportError(error);
  }

  /** Who closes a page's things in any order destroys the view in the same task, and need not be told. */
  private loseGround(what: "engine" | "volume"): void {
    const reason = `the ${what} was destroyed under its view, which ends with it`;
    if (!this.end(new HounsfieldError("destroyed", reason))) return;
    this.loop.use(undefined);
    this.close();
    queueMicrotask(() => this.loop.fail(this.reason));
  }

  /**
   * To a later view, by which this one is asked to end before that one is made: what both draw from stays, as
   * it is given back later.
   */
  private yieldCanvas(): void {
    const reason = "the view has ended: a later view was created on its canvas";
    if (!this.end(new HounsfieldError("destroyed", reason))) return;
    this.loop.stop(aborted("a later view was created on the canvas"));
    this.surface.destroy();
    queueMicrotask(() => {
      this.close();
      this.events.emit("notice", { code: "superseded" });
    });
  }
}

function aborted(message: string): DOMException {
  return new DOMException(message, "AbortError");
}
