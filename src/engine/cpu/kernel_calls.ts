import { HounsfieldError } from "../../core/errors.js";
import type { BufferRange, EngineBuffer, Pass } from "../engine.js";

/**
 * How a pass may be cut among threads: along an axis of its invocations, along all of them in a line, or not
 * at all.
 */
export type Split = "x" | "y" | "z" | "line" | "whole";

/**
 * What the build reads off the source of a body (wasm/ops): the names of its parameters, in order, and how it
 * may be cut.
 */
export interface CpuKernel {
  readonly split: Split;
  readonly parameters: readonly string[];
  /**
   * Parameters of the export `NAME_scratch`, which says how many bytes a thread needs beside the bindings;
   * absent where it needs none.
   */
  readonly scratch?: readonly string[];
}

/** A call of one export: its arguments, and which of them say what part of the pass it is to do. */
export interface KernelCall {
  readonly name: string;
  readonly numbers: readonly number[];
  /** Where `from`, `to` and `scratch` stand in `numbers`; -1 where the body takes no such. */
  readonly slots: { readonly from: number; readonly to: number; readonly scratch: number };
  /** What `from` and `to` run over: 0 to this. */
  readonly extent: number;
}

/**
 * Each argument comes by the name of the body's parameter: the pass's params, the addresses of its bindings.
 * The pool fills in the slots.
 */
export function kernelCallOf(
  pass: Pass,
  body: CpuKernel,
  addressOf: (buffer: EngineBuffer) => number,
): KernelCall {
  const value = valuesOf(pass, addressOf);
  const at = (name: string) => body.parameters.indexOf(name);
  return {
    name: pass.kernel,
    numbers: body.parameters.map((name) => value(name)),
    slots: { from: at("from"), to: at("to"), scratch: at("scratch") },
    extent: extentOf(pass.invocations, body.split),
  };
}

/** The arguments of the export that says how much scratch a pass needs. */
export function scratchArguments(pass: Pass, parameters: readonly string[]): number[] {
  return parameters.map(valuesOf(pass, () => 0));
}

function valuesOf(pass: Pass, addressOf: (buffer: EngineBuffer) => number): (name: string) => number {
  const params: Readonly<Record<string, number | undefined>> = pass.params;
  const bindings: Readonly<Record<string, EngineBuffer | BufferRange | undefined>> = pass.bindings;
  return (name) => {
    const bound = bindings[name];
    if (bound) return "buffer" in bound ? addressOf(bound.buffer) + bound.offsetBytes : addressOf(bound);
    return params[name] ?? 0;
  };
}

function extentOf([x, y, z]: Pass["invocations"], split: Split): number {
  return { x, y, z, line: x * y * z, whole: 1 }[split];
}

export function noCpuKernel(kernel: string): HounsfieldError {
  return new HounsfieldError("internal", `${kernel} has no body for the CPU`);
}
