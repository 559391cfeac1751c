/**
 * Types of the platform in the public surface, for every compiler it meets. WebGPU is in TypeScript's DOM
 * library since 6.0 and in `@webgpu/types` before; a project for Node may have no DOM library at all. Each
 * type here is the platform's own where the compiler knows it, else the few members that are used: never
 * `any`, and no dependency.
 */
export type PlatformType<Name extends string, Otherwise> = typeof globalThis extends {
  [K in Name]: { prototype: infer Known };
}
  ? Known
  : Otherwise;

/** A `GPUDevice`. */
export type GpuDevice = PlatformType<"GPUDevice", GpuDeviceLike>;
/** A `GPUBuffer`. */
export type GpuBuffer = PlatformType<"GPUBuffer", GpuBufferLike>;
/** A `GPUTexture`. */
export type GpuTexture = PlatformType<"GPUTexture", GpuTextureLike>;
/** A `GPUDeviceLostInfo`. */
export type GpuDeviceLostInfo = PlatformType<"GPUDeviceLostInfo", GpuDeviceLostInfoLike>;

/** What a compiler without WebGPU's types sees of a `GPUDevice`. */
export interface GpuDeviceLike {
  readonly label: string;
  readonly features: ReadonlySet<string>;
  readonly queue: object;
  readonly lost: Promise<GpuDeviceLostInfoLike>;
}

/** What a compiler without WebGPU's types sees of a `GPUBuffer`. */
export interface GpuBufferLike {
  readonly label: string;
  readonly size: number;
  readonly usage: number;
}

/** What a compiler without WebGPU's types sees of a `GPUTexture`. */
export interface GpuTextureLike {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly depthOrArrayLayers: number;
  readonly format: string;
  readonly usage: number;
}

/** What a compiler without WebGPU's types sees of a `GPUDeviceLostInfo`. */
export interface GpuDeviceLostInfoLike {
  readonly reason: string;
  readonly message: string;
}

/** A `Worker` of a page. */
export type PlatformWorker = PlatformType<"Worker", PageWorkerLike>;

/** What is used of a `Worker`. */
export interface PageWorkerLike {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  terminate(): void;
}

/** A `File` that a person chose, or one of Node's. */
export type PlatformFile = PlatformType<"File", FileLike>;
/** A `FileSystemFileHandle` of the File System API. */
export type FileHandle = PlatformType<"FileSystemFileHandle", FileHandleLike>;
/** A `FileSystemDirectoryHandle` of the File System API. */
export type DirectoryHandle = PlatformType<"FileSystemDirectoryHandle", DirectoryHandleLike>;

/** What is read of a `File`. */
export interface FileLike {
  readonly name: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** What is used of a `FileSystemFileHandle`. */
export interface FileHandleLike {
  readonly kind: "file";
  readonly name: string;
  getFile(): Promise<FileLike>;
}

/** What is used of a `FileSystemDirectoryHandle`. */
export interface DirectoryHandleLike {
  readonly kind: "directory";
  readonly name: string;
  values(): AsyncIterable<FileHandleLike | DirectoryHandleLike>;
}

/** The part of a `DataTransferItem` that is used. */
export type DroppedItem = Pick<
  PlatformType<"DataTransferItem", DroppedItemLike>,
  "kind" | "webkitGetAsEntry"
>;

/** What is used of a `DataTransferItem`. */
export interface DroppedItemLike {
  readonly kind: string;
  webkitGetAsEntry(): object | null;
}
