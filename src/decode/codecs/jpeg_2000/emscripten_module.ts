import { HounsfieldError } from "../../../core/errors.js";

// Codecs of others, compiled to WebAssembly by Emscripten: how they are started, bounded, silenced and, after
// a failure, replaced.

/** The options of an Emscripten module that count here; it adds its own members to the same object. */
export interface InstanceOptions {
  print(line: string): void;
  printErr(line: string): void;
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports;
}

/**
 * An Emscripten module function: it fills `options` before it returns, since the instance is there at once.
 */
export type CreateInstance = (options: InstanceOptions) => Promise<unknown>;

/** What scripts/embed-codecs.js writes. */
export interface EmbeddedCodec {
  readonly createInstance: CreateInstance;
  readonly DEFLATED_WASM_BASE85: string;
}

/** A running module: its members, what it printed since the last `take`, and its memory. */
export interface ForeignInstance<Members> {
  readonly members: Members;
  takeLines(): string[];
  memoryBytes(): number;
  /** The memory does not grow beyond this from now on: the codec's own allocation then fails. */
  limitMemory(bytes: number): void;
}

/** Makes an instance of a compiled codec, synchronously. */
export function startForeign<Members extends object>(
  module: WebAssembly.Module,
  createInstance: CreateInstance,
): ForeignInstance<Members> {
  let lines: string[] = [];
  let memory: WebAssembly.Memory | undefined;
  let limit = Number.POSITIVE_INFINITY;
  const options: InstanceOptions & Partial<Members> = {
    print: (line) => void lines.push(line),
    printErr: (line) => void lines.push(line),
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(module, imports);
      memory = boundedMemory(instance, () => limit);
      receive(instance, module);
      return instance.exports;
    },
  } as InstanceOptions & Partial<Members>;
  // The promise is for those who let it fetch its binary; nothing of it is awaited, and a failure shows at
  // once below.
  createInstance(options).catch(() => {});
  const started = memory;
  if (!started) throw new HounsfieldError("internal", "an embedded codec did not start");
  return {
    members: options as InstanceOptions & Members,
    takeLines() {
      const taken = lines;
      lines = [];
      return taken;
    },
    memoryBytes: () => started.buffer.byteLength,
    limitMemory(bytes) {
      limit = bytes;
    },
  };
}

/**
 * The memory an instance exports. Emscripten grows it through this object and takes an exception for a
 * refusal.
 */
function boundedMemory(instance: WebAssembly.Instance, limit: () => number): WebAssembly.Memory | undefined {
  const memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
  if (!memory) return undefined;
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * 65536 > limit())
      throw new RangeError("beyond the limit for this frame");
    return grow(pages);
  };
  return memory;
}
