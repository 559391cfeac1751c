/** The types of voxels that files of images have and this library reads and writes. */
export type VoxelType = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "float32" | "float64";

/** The typed arrays that an image's voxels come in. */
export type VoxelData =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

interface StoredType {
  readonly bytes: number;
  readonly make: (buffer: ArrayBuffer) => VoxelData;
}

export const voxelTypes: Readonly<Record<VoxelType, StoredType>> = {
  int8: { bytes: 1, make: (buffer) => new Int8Array(buffer) },
  uint8: { bytes: 1, make: (buffer) => new Uint8Array(buffer) },
  int16: { bytes: 2, make: (buffer) => new Int16Array(buffer) },
  uint16: { bytes: 2, make: (buffer) => new Uint16Array(buffer) },
  int32: { bytes: 4, make: (buffer) => new Int32Array(buffer) },
  uint32: { bytes: 4, make: (buffer) => new Uint32Array(buffer) },
  float32: { bytes: 4, make: (buffer) => new Float32Array(buffer) },
  float64: { bytes: 8, make: (buffer) => new Float64Array(buffer) },
};

/**
 * Voxels of a file as a typed array of their own memory, in the machine's order of bytes.
 * `bytes` holds exactly the voxels; words of a big-endian file are turned over.
 */
export function voxelData(bytes: Uint8Array, type: VoxelType, isBigEndian: boolean): VoxelData {
  const own = new Uint8Array(bytes);
  const { bytes: size, make } = voxelTypes[type];
  if (isBigEndian) reverseWords(own, size);
  return make(own.buffer);
}

function reverseWords(bytes: Uint8Array, size: number): void {
  for (let low = 0; low + size <= bytes.length; low += size) {
    for (let i = low, j = low + size - 1; i < j; i++, j--) {
      const byte = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = byte;
    }
  }
}
