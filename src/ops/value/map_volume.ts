import type { Control } from "../../core/control.js";
import type { Rule } from "../../core/options.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, required, text } from "../../core/rules.js";
import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { checkVolume } from "../../volume/check_argument.js";
import {
  allocateVolume,
  type CtVolume,
  rowWords,
  sliceRange,
  sliceWords,
  unpadRows,
} from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { runSlabs, type Slab, slabsOf } from "../../volume/slabs.js";
import { lineInvocations } from "../mask/scan_counts.js";
import { withScratch } from "../scratch.js";
import { type SlabMemory, slabRules, streamSlabs, type ValueSlab } from "../stream_slabs.js";
import { TABLE_LENGTH, type ValueTable } from "./value_table.js";

/** The table, and how its slabs come. `stage` names the work in progress reports. */
export type MapSlabsOptions<T extends ValueTable> = {
  readonly table: T;
  readonly stage?: string;
} & SlabMemory &
  Control;

/**
 * The value that `table` has for each voxel's HU (for its stored value, where the record is scaled: make the
 * table with the volume's `values`), as slabs in ascending z: nothing larger than a slab is ever held. The
 * slabs' arrays are of the table's type. Bit-exact on every device: bits are moved, nothing is computed.
 * Progress counts slices.
 * @throws HounsfieldError `invalid-option` when the table has not 65536 entries, `limit-exceeded`,
 * `out-of-memory`
 */
export async function* mapSlabs<T extends ValueTable>(
  volume: CtVolume,
  options: MapSlabsOptions<T>,
): AsyncGenerator<ValueSlab<T>> {
  checkVolume("mapSlabs", volume);
  const rules = {
    ...slabRules,
    table: required(tableRule(Int16Array, Float32Array, Uint8Array)),
    stage: text,
  };
  const { table, stage = "map", ...control } = checkOptions<MapSlabsOptions<T>>("mapSlabs", options, rules);
  const { engine, grid } = volume;
  const lookup = await engine.allocate(`${stage} table`, table.byteLength, "unwritten");
  try {
    engine.write(lookup, 0, table);
    const { sliceBytes, passOf, valuesOf } = outputOf(volume, table, lookup);
    const stream = {
      stage,
      bytesOf: ({ z0, z1 }: Slab) => (z1 - z0) * sliceBytes,
      passesOf: (slab: Slab, output: EngineBuffer) => [passOf(slab, output)],
      // The table's type is T, and so is what was mapped by it.
      valuesOf: (memory: ArrayBuffer, slab: Slab) => valuesOf(memory, slab) as T,
    };
    const slabs = slabsOf(engine, grid, Math.max(sliceBytes, sliceWords(grid) * 4), engine.limits.readVoxels);
    yield* streamSlabs(engine, slabs, stream, control);
  } finally {
    lookup.destroy();
  }
}

/**
 * A new volume, of the same `values`, of what `table` has for each voxel's HU or stored value. Bit-exact.
 * @throws as `mapSlabs`
 */
export async function mapVolume(
  volume: CtVolume,
  options: { readonly table: Int16Array; readonly stage?: string } & Control,
): Promise<CtVolume> {
  checkVolume("mapVolume", volume);
  const rules = { ...controlRules, table: required(tableRule(Int16Array)), stage: text };
  const { table, stage = "map", ...control } = checkOptions("mapVolume", options, rules);
  const { engine, grid } = volume;
  return withScratch(async (scratch) => {
    const result = scratch.own(await allocateVolume(engine, grid, `${stage} volume`, volume.values));
    const lookup = scratch.own(await engine.allocate(`${stage} table`, table.byteLength, "unwritten"));
    engine.write(lookup, 0, table);
    const slabs = slabsOf(engine, grid, sliceWords(grid) * 4);
    await runSlabs(engine, slabs, stage, control, (slab) => {
      const { range, firstWord } = sliceRange(result.buffer, sliceWords(grid), slab.z0, slab.z1);
      return [huPass(volume, slab, lookup, range, firstWord)];
    });
    return scratch.release(result).withHistory(historyOf("mapVolume", { table, stage }, volume));
  });
}

/** One value for each int16, in an array of one of the types. */
function tableRule(...types: readonly { readonly name: string }[]): Rule {
  const names = types.map(({ name }) => name);
  return (value) => {
    const isTable = ArrayBuffer.isView(value) && names.includes(value.constructor.name);
    return isTable && value.byteLength === TABLE_LENGTH * bytesOf(value)
      ? undefined
      : `${names.join(", ")} of ${TABLE_LENGTH} values`;
  };
}

function bytesOf(table: ArrayBufferView): number {
  return (table as ValueTable).BYTES_PER_ELEMENT;
}

/** What differs between the types of a result: its size, its kernel and how its bytes are read. */
interface MappedOutput {
  readonly sliceBytes: number;
  passOf(slab: Slab, mapped: EngineBuffer): Pass;
  valuesOf(memory: ArrayBuffer, slab: Slab): ValueTable;
}

function outputOf(volume: CtVolume, table: ValueTable, lookup: EngineBuffer): MappedOutput {
  const { grid } = volume;
  const [columns, rows] = grid.size;
  const voxelsOf = ({ z0, z1 }: Slab) => columns * rows * (z1 - z0);
  if (table instanceof Int16Array) {
    return {
      sliceBytes: sliceWords(grid) * 4,
      passOf: (slab, mapped) => huPass(volume, slab, lookup, mapped, 0),
      valuesOf: (memory, { z0, z1 }) =>
        unpadRows(new Int16Array(memory, 0, sliceWords(grid) * 2 * (z1 - z0)), columns),
    };
  }
  const source = ({ z0, z1 }: Slab) => sliceRange(volume.buffer, sliceWords(grid), z0, z1);
  if (table instanceof Float32Array) {
    return {
      sliceBytes: columns * rows * 4,
      passOf(slab, mapped) {
        const { range: hu, firstWord: first_word } = source(slab);
        const params = { columns, rows, first_word };
        const invocations = [rowWords(grid), rows, slab.z1 - slab.z0] as const;
        return { kernel: "value_lookup", params, bindings: { hu, lookup, mapped }, invocations };
      },
      valuesOf: (memory, slab) => new Float32Array(memory, 0, voxelsOf(slab)),
    };
  }
  return {
    sliceBytes: columns * rows,
    passOf(slab, mapped) {
      const { range: hu, firstWord: first_word } = source(slab);
      const params = { columns, voxels: voxelsOf(slab), first_word };
      const invocations = lineInvocations(Math.ceil(voxelsOf(slab) / 4));
      return { kernel: "value_lookup_bytes", params, bindings: { hu, lookup, mapped }, invocations };
    },
    valuesOf: (memory, slab) => new Uint8Array(memory, 0, voxelsOf(slab)),
  };
}

function huPass(
  { buffer, grid }: CtVolume,
  { z0, z1 }: Slab,
  lookup: EngineBuffer,
  mapped: Extract<Pass, { kernel: "value_lookup_hu" }>["bindings"]["mapped"],
  out_word: number,
): Pass {
  const { range: hu, firstWord: first_word } = sliceRange(buffer, sliceWords(grid), z0, z1);
  const [columns, rows] = grid.size;
  return {
    kernel: "value_lookup_hu",
    params: { columns, rows, first_word, out_word },
    bindings: { hu, lookup, mapped },
    invocations: [rowWords(grid), rows, z1 - z0],
  };
}
