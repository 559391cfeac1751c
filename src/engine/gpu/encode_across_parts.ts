import type { MemoryLedger } from "../memory_ledger.js";
import { placesOf, type Stretch } from "./buffer_parts.js";
import { bufferUsage } from "./constants.js";
import type { EncodePasses, PartsOf, PlacedPass } from "./dispatcher.js";

const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyDestination;

/** What a pass binds of several parts, and the one buffer that holds it while the pass runs. */
interface Crossing {
  readonly bridge: GPUBuffer;
  readonly bytes: number;
  readonly places: readonly Stretch[];
  /** Whether the kernel may write it. */
  readonly isWritten: boolean;
}

/**
 * Encodes passes of which some bind what crosses from one part of a buffer to the next: that is copied
 * together on the device before the pass, and what the kernel may have written is copied back after it. The
 * values are the same, so results are too. Bridges serve one pass after the other within a submit, and are
 * freed with it.
 */
export function encodeAcrossParts(device: GPUDevice, partsOf: PartsOf, memory: MemoryLedger): EncodePasses {
  return (encoder, passes, encodeOne) => {
    const bridges = openBridges(device, memory);
    let computing: GPUComputePassEncoder | undefined;
    for (const placed of passes) {
      const found = Object.entries(placed.pass.bindings).map(
        ([name, bound]) => [name, placesOf(bound, partsOf)] as const,
      );
      const crossings: Crossing[] = [];
      const places: Record<string, Stretch> = {};
      for (const [name, parts] of found) {
        places[name] = parts[0];
        if (parts.length === 1) continue;
        const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
        const bridge = bridges.of(crossings.length, bytes);
        crossings.push({ bridge, bytes, places: parts, isWritten: isWritten(placed, name) });
        places[name] = { source: bridge, offset: 0, bytes };
      }
      if (crossings.length > 0) {
        computing?.end();
        computing = undefined;
        for (const crossing of crossings) copyTogether(encoder, crossing);
      }
      computing ??= encoder.beginComputePass();
      encodeOne(computing, placed, places);
      if (!crossings.some((crossing) => crossing.isWritten)) continue;
      computing.end();
      computing = undefined;
      for (const crossing of crossings) if (crossing.isWritten) copyBack(encoder, crossing);
    }
    computing?.end();
    return bridges.free;
  };
}

function isWritten({ kernel }: PlacedPass, binding: string): boolean {
  return kernel.bindings[binding].type !== "read-only-storage";
}

function copyTogether(encoder: GPUCommandEncoder, { bridge, places }: Crossing): void {
  let at = 0;
  for (const { source, offset, bytes } of places) {
    encoder.copyBufferToBuffer(source, offset, bridge, at, bytes);
    at += bytes;
  }
}

function copyBack(encoder: GPUCommandEncoder, { bridge, places }: Crossing): void {
  let at = 0;
  for (const { source, offset, bytes } of places) {
    encoder.copyBufferToBuffer(bridge, at, source, offset, bytes);
    at += bytes;
  }
}

/** Buffers by how many a pass needs at once, each as large as the largest that was asked for. */
function openBridges(device: GPUDevice, memory: MemoryLedger) {
  const held: { buffer: GPUBuffer; release: () => void }[][] = [];
  return {
    of(index: number, bytes: number): GPUBuffer {
      const sizes = (held[index] ??= []);
      const fitting = sizes.find(({ buffer }) => buffer.size >= bytes);
      if (fitting) return fitting.buffer;
      const buffer = device.createBuffer({ label: "bridge", size: bytes, usage });
      sizes.push({ buffer, release: memory.take("bridge between parts", bytes) });
      return buffer;
    },
    /** After the submit: the device keeps them as long as it works with them. */
    free(): void {
      for (const { buffer, release } of held.flat()) {
        buffer.destroy();
        release();
      }
    },
  };
}
