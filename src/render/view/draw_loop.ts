import type { Content, FrameRenderer } from "../frame/frame_renderer.js";
import type { ViewState } from "../state/view_state.js";
import { type Deferred, deferred } from "./deferred.js";
import { type DrawEvent, drawStateAfter, initialDrawState, nextDrawStep } from "./draw_state.js";
import type { Surface } from "./surface.js";

/** What a view draws with, once it is made. */
export interface ViewResources {
  /**
   * Makes the pictures of a state's projection; a promise of anything where it cannot yet: to be asked again
   * when that resolves.
   */
  rendererOf(state: ViewState): FrameRenderer | Promise<unknown>;
  /** Its version is 0 as long as there is nothing to be seen of the volume. */
  readonly content: Content;
  /** Something that the state asks for is still being made; the loop is woken when it is there. */
  readonly pending: boolean;
  /** The content is about to change, of which the loop is woken: not worth a refined picture. */
  readonly changing: boolean;
}

export interface DrawLoopHooks {
  readonly state: () => ViewState;
  /** A picture is on the canvas; whether it is in full quality. */
  readonly onDrawn: (finished: boolean) => void;
  /** The picture is in full quality, and nothing is left to draw. */
  readonly onSettled: () => void;
  readonly onError: (error: unknown) => void;
}

/** Refinement starts this long after the last change: longer than the gap between two events of a drag. */
const REST_MS = 80;
/**
 * While slices arrive, a picture of those that are there is drawn this often: each costs a slow device as
 * much as twenty slices.
 */
const UPDATE_MS = 400;
/**
 * Bands of a refinement are shown this often: each showing draws the whole canvas, 50 ms of a processor on
 * SwiftShader.
 */
const SHOW_MS = 300;

/**
 * Draws after changes, one animation frame at a time, never while the device is still busy with the frame
 * before. What it does when is in draw_state.ts; here are its clocks and what it acts on.
 */
export class DrawLoop {
  private readonly surface: Surface;
  private readonly hooks: DrawLoopHooks;
  private readonly firstPicture = deferred();
  /** Resolves when the first picture is on the canvas. */
  readonly ready = this.firstPicture.promise;
  private settling: Deferred[] = [];
  private resources: ViewResources | undefined;
  private state = initialDrawState;
  /** Why it ended. */
  private reason: unknown;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private viewChangedAtMs = Number.NEGATIVE_INFINITY;
  private drawnAtMs = Number.NEGATIVE_INFINITY;
  private shownAtMs = 0;

  constructor(surface: Surface, hooks: DrawLoopHooks) {
    this.surface = surface;
    this.hooks = hooks;
  }

  /** Draws with `resources` from now on; with nothing until the next call where they are undefined. */
  use(resources: ViewResources | undefined): void {
    this.resources = resources;
    this.note("replaced");
    if (resources) {
      // What it fails by, the first picture fails by too, and tells.
      this.prepare(resources).catch(() => {});
      this.requestFrame();
    } else {
      this.rest();
    }
  }

  /** What `use` will give shows something else: nothing is settled until then. */
  expect(): void {
    this.note("expected");
  }

  /** Draws what somebody changed, and refines it when they rest. */
  wake(): void {
    this.note("view");
    this.viewChangedAtMs = performance.now();
    this.step();
  }

  /** Draws what the resources hold by now. */
  update(): void {
    this.note("content");
    this.step();
  }

  settled(): Promise<void> {
    const settling = deferred();
    if (this.state.phase === "ended") settling.reject(this.reason);
    else if (this.resources && nextDrawStep(this.state, this.resources) === "settle") settling.resolve();
    else this.settling.push(settling);
    return settling.promise;
  }

  /** Ends the loop with an error that its owner is told. */
  fail(error: unknown): void {
    if (this.stop(error)) this.hooks.onError(error);
  }

  /** Ends the loop, where it has not ended; those who wait are refused with `reason`. */
  stop(reason: unknown): boolean {
    if (this.state.phase === "ended") return false;
    this.rest();
    this.note("ended");
    this.reason = reason;
    for (const waiting of [this.firstPicture, ...this.settling]) waiting.reject(reason);
    return true;
  }

  private note(event: DrawEvent): void {
    this.state = drawStateAfter(this.state, event);
  }

  private step(): void {
    if (!this.resources) return;
    const step = nextDrawStep(this.state, this.resources);
    if (step === "settle") this.settle();
    else if (step !== "wait") this.requestFrame(this.waitMs(step));
  }

  /** How long a step waits before it requests its frame. */
  private waitMs(step: "draw" | "follow" | "refine"): number {
    if (step === "refine") return this.restLeftMs();
    return step === "follow" ? this.drawnAtMs + UPDATE_MS - performance.now() : 0;
  }

  private requestFrame(waitMs = 0): void {
    clearTimeout(this.timer);
    if (waitMs > 0) {
      this.timer = setTimeout(() => this.requestFrame(), waitMs);
      return;
    }
    if (!this.resources?.content.version || !this.surface.hasSize) return;
    if (this.state.phase === "drawing" || this.state.phase === "ended") return;
    this.note("requested");
    this.surface.requestFrame(() => this.drawRequested());
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.surface.cancelFrame();
    this.note("canceled");
  }

  private settle(): void {
    for (const settling of this.settling.splice(0)) settling.resolve();
    this.hooks.onSettled();
  }

  private restLeftMs(): number {
    return Math.max(0, this.viewChangedAtMs + REST_MS - performance.now());
  }

  /** These are what is drawn with still. */
  private isUsing(resources: ViewResources): boolean {
    return this.resources === resources && this.state.phase !== "ended";
  }

  private async drawRequested(): Promise<void> {
    const resources = this.resources;
    if (!resources || this.state.phase === "ended") return;
    clearTimeout(this.timer);
    const isChange = this.state.change !== "none";
    this.note("begun");
    let finished = false;
    try {
      finished = await this.draw(resources, isChange);
    } catch (error) {
      // What is drawn with resources that were taken away meanwhile, their device lost, says nothing any
      // more.
      if (this.isUsing(resources)) this.fail(error);
    }
    this.note(finished ? "finished" : "unfinished");
    if (!this.isUsing(resources)) return this.requestFrame();
    this.firstPicture.resolve();
    this.step();
  }

  /**
   * Draws what changed, or the next piece of the refinement, and shows what is new in the same task, as a
   * canvas demands. Gives whether the picture is in full quality.
   */
  private async draw(resources: ViewResources, isChange: boolean): Promise<boolean> {
    const renderer = await this.prepare(resources);
    if (!renderer) return false;
    const rests = this.restLeftMs() <= 0 && !resources.changing;
    const { widthPx, heightPx } = this.surface;
    const stale = renderer.begin(this.hooks.state(), widthPx, heightPx, resources.content, rests);
    if (stale) this.drawnAtMs = performance.now();
    const sinceShownMs = () => performance.now() - this.shownAtMs;
    const isTime = () => stale || isChange || renderer.finished || sinceShownMs() >= SHOW_MS;
    await this.drawFrame(renderer, stale || rests, isTime);
    // What is not worth showing needs no frame of the display, whose next one may be 16 ms away.
    while (!renderer.finished && this.mayGoOn(resources) && sinceShownMs() < SHOW_MS)
      await this.drawFrame(renderer, true, () => renderer.finished);
    return renderer.finished;
  }

  /** Nothing happened that a frame of the display would show. */
  private mayGoOn(resources: ViewResources): boolean {
    const isSame = this.isUsing(resources) && this.state.change === "none";
    return isSame && !resources.changing && this.restLeftMs() <= 0;
  }

  /** One submit: the next piece of work, where it `advances`, and what there is to show then. */
  private async drawFrame(renderer: FrameRenderer, advances: boolean, isShown: () => boolean): Promise<void> {
    let shown = false;
    const done = this.surface.frame((frame) => {
      if (advances) renderer.advance(frame);
      if (!isShown()) return;
      renderer.present(this.hooks.state(), this.surface.target(), frame);
      shown = true;
    });
    if (shown) {
      this.shownAtMs = performance.now();
      this.hooks.onDrawn(renderer.finished);
    }
    await done;
  }

  /**
   * Makes what pictures need, also before there is anything to be seen; gives undefined where these resources
   * are not in use any more.
   */
  private async prepare(resources: ViewResources): Promise<FrameRenderer | undefined> {
    let renderer = resources.rendererOf(this.hooks.state());
    while (renderer instanceof Promise) {
      await renderer;
      if (!this.isUsing(resources)) return undefined;
      renderer = resources.rendererOf(this.hooks.state());
    }
    return renderer;
  }
}
