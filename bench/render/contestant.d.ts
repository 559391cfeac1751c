import type { Mode } from "./scene.js";

/** Milliseconds since the load began. */
export interface Loaded {
  readonly firstMs: number;
  readonly loadedMs: number;
  readonly fullMs: number;
}

export interface Drawn {
  readonly ms: number;
  /** To the first picture, where there is one before the full one. */
  readonly roughMs?: number | undefined;
}

/** Millions of samples of the volume. */
export interface Samples {
  readonly taken: number;
  readonly all: number;
}

/** What each page offers to measure.js. */
export interface Contestant {
  load(urls: readonly string[], stepMm: number): Promise<Loaded>;
  /** What a new look costs before its first frame. */
  change?(mode: Mode): Promise<Drawn | undefined>;
  frame(mode: Mode, azimuthDeg: number): Promise<Drawn>;
  /** Draws with a step that is `factor` times shorter. */
  fine?(mode: Mode, azimuthDeg: number, factor: number): Promise<void>;
  samples?(mode: Mode, azimuthDeg: number): Promise<Samples>;
  about(): { readonly adapter: string };
}

export interface Outcome {
  readonly result?: unknown;
  readonly error?: string;
}

declare global {
  interface Window {
    contestant: Contestant;
    settleCall(outcome: Outcome): void;
  }
}
