import type { Control } from "../../core/control.js";
import type { Grid } from "../../core/grid.js";
import type { BufferRange, Engine, EngineBuffer } from "../../engine/engine.js";
import { type CtVolume, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import type { Scratch } from "../scratch.js";
import { cutSlices } from "./resample_batches.js";

/** Where results go: int16 HU as in a `CtVolume`, or f32 HU, dense. */
export interface ResampleOutput {
  readonly kind: "hu" | "float";
  readonly grid: Grid;
  readonly buffer: EngineBuffer;
}

/** What every method of resampling works on. */
export interface ResampleRun {
  readonly scratch: Scratch;
  readonly volume: CtVolume;
  readonly output: ResampleOutput;
  readonly control: Control;
}

/** u32 or f32 of an output slice. */
export function outputSliceWords({ kind, grid }: Pick<ResampleOutput, "kind" | "grid">): number {
  return kind === "hu" ? sliceWords(grid) : grid.size[0] * grid.size[1];
}

/** Slabs of the output that a pass may make `voxelsPerSlice` of each slice of, and bind. */
export function outputSlabs(engine: Engine, output: ResampleOutput, voxelsPerSlice: number) {
  return cutSlices(engine, 0, output.grid.size[2], voxelsPerSlice, outputSliceWords(output) * 4);
}

/** The part of the output that holds slices [z0, z1), and where in it they begin. */
export function outputRange(
  output: ResampleOutput,
  z0: number,
  z1: number,
): { range: BufferRange; firstWord: number } {
  return sliceRange(output.buffer, outputSliceWords(output), z0, z1);
}
