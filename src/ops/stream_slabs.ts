import type { Control } from "../core/control.js";
import type { RulesOf } from "../core/options.js";
import { controlRules } from "../core/rules.js";
import type { Engine, EngineBuffer, Pass } from "../engine/engine.js";
import type { Slab } from "../volume/slabs.js";

/** A part of a result on its way out: dense, z, y, x, slices [z0, z1). */
export interface ValueSlab<T> extends Slab {
  readonly values: T;
}

/**
 * Memory that slabs are read into one after the other; kept here, so that later calls use it too. Begins
 * empty.
 */
export interface SlabStore {
  bytes?: ArrayBuffer;
}

/** Whose memory slabs are read into. */
export interface SlabMemory {
  /**
   * One piece of memory for all slabs: `values` holds until the next slab is asked for. Use this when each
   * slab is written out immediately: allocating fresh memory per slab costs more than computing it.
   */
  readonly reuse?: SlabStore;
}

/** For the options of what gives slabs. */
export const slabRules: RulesOf<SlabMemory & Control> = {
  ...controlRules,
  reuse: (value) => (typeof value === "object" && value !== null ? undefined : "an object that begins empty"),
};

/** How the slabs of a result are made. */
export interface SlabStream<T> {
  /** For progress, and the ledger's label of the one buffer there is. */
  readonly stage: string;
  /** Bytes of a slab at the start of the buffer; one binding, so within what `slabs` were cut for. */
  bytesOf(slab: Slab): number;
  passesOf(slab: Slab, output: EngineBuffer): readonly Pass[];
  /** From the start of what was read back, which may be longer. */
  valuesOf(memory: ArrayBuffer, slab: Slab): T;
}

/**
 * Computes and reads back slab after slab, in ascending z: of the result no more than one slab is ever held.
 * Ending early frees it.
 */
export async function* streamSlabs<T>(
  engine: Engine,
  slabs: readonly Slab[],
  { stage, bytesOf, passesOf, valuesOf }: SlabStream<T>,
  { signal, onProgress, reuse }: SlabMemory & Control,
): AsyncGenerator<ValueSlab<T>> {
  const total = slabs[slabs.length - 1].z1;
  const wholeWords = (slab: Slab) => Math.ceil(bytesOf(slab) / 4) * 4;
  const output = await engine.allocate(`${stage} slab`, Math.max(...slabs.map(wholeWords)), "unwritten");
  try {
    for (const slab of slabs) {
      signal?.throwIfAborted();
      await engine.run(passesOf(slab, output));
      const bytes = wholeWords(slab);
      const held = reuse?.bytes && reuse.bytes.byteLength >= bytes ? reuse.bytes : undefined;
      const memory = await engine.read(output, 0, bytes, held);
      if (reuse) reuse.bytes = memory;
      yield { z0: slab.z0, z1: slab.z1, values: valuesOf(memory, slab) };
      onProgress?.({ stage, done: slab.z1, total });
    }
  } finally {
    output.destroy();
  }
}
