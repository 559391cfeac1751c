import { deflateSync, gzipSync } from "node:zlib";
import { bytesSource } from "../../src/core/byte_source.js";
import type { Grid } from "../../src/core/grid.js";
import { chooseSeries, encodeSegmentation, listSeries } from "../../src/dicom/index.js";
import type { ImageDescription } from "../../src/formats/image.js";
import { metaImageHeader } from "../../src/formats/metaimage/metaimage_header.js";
import { niftiHeader } from "../../src/formats/nifti/nifti_header.js";
import { npyHeader } from "../../src/formats/npy.js";
import { nrrdHeader } from "../../src/formats/nrrd/nrrd_header.js";
import { chestPhantom, phantomSeries } from "../../src/phantom/index.js";
import { joined } from "../support/dicom_file.js";
import { formatGrids } from "../support/format_grids.js";

/** A valid file of another format to damage. */
export interface ImageSeed {
  /** The file's name, whose ending says the format. */
  readonly name: string;
  /** As they are damaged: of a packed file what it unpacks to. */
  readonly bytes: Uint8Array;
  /** The header's. */
  readonly headBytes: number;
  /** Whether voxels that are cut off must be missed: they end the file, as they are. */
  readonly endsWithVoxels: boolean;
  /** The file is the bytes packed. */
  readonly isGzip?: boolean;
  /** The file beside it that has the voxels. */
  readonly beside?: { readonly name: string; readonly bytes: Uint8Array };
  /** Of a segmentation: what it is read onto. */
  readonly grid?: Grid;
}

const SIZE = [5, 4, 3] as const;
const COUNT = SIZE[0] * SIZE[1] * SIZE[2];
const int16 = Int16Array.from({ length: COUNT }, (_, i) => i * 37 - 1024);
const float32 = Float32Array.from({ length: COUNT }, (_, i) => i * 0.37 - 10);

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
const text = (written: string) => new TextEncoder().encode(written);

type Rest = Partial<Omit<ImageSeed, "name" | "bytes" | "headBytes">>;

function seed(name: string, header: Uint8Array, voxels: Uint8Array, rest: Rest = {}): ImageSeed {
  const parts = { bytes: joined([header, voxels]), headBytes: header.length };
  return { name, ...parts, endsWithVoxels: voxels.length > 0 && !rest.isGzip, ...rest };
}

/** NIfTI-1 as a big-endian machine writes it: fields that are words turned over, and the voxels. */
function bigEndianNifti(description: ImageDescription): Uint8Array {
  const header = niftiHeader(description);
  const turn = (at: number, size: number, count: number) => {
    for (let i = 0; i < count; i++) header.subarray(at + i * size, at + (i + 1) * size).reverse();
  };
  turn(0, 4, 1);
  turn(40, 2, 8);
  turn(70, 2, 3);
  turn(76, 4, 12);
  turn(252, 2, 2);
  turn(256, 4, 18);
  return header;
}

function detachedNrrd(grid: Grid, dataFile: string): Uint8Array {
  const header = new TextDecoder().decode(nrrdHeader({ grid, dtype: "int16", encoding: "raw" }));
  return text(header.replace(/\r?\n\r?\n$/, `\ndata file: ${dataFile}\n\n`));
}

function metaImage(grid: Grid, dataFile: string, extra = ""): Uint8Array {
  const header = new TextDecoder().decode(metaImageHeader({ grid, dtype: "int16" }));
  return text(header.replace(/ElementDataFile = LOCAL/, `${extra}ElementDataFile = ${dataFile}`));
}

/** Small files in every layout that is read. */
export async function imageSeeds(): Promise<ImageSeed[]> {
  const [voxels, floats] = [bytesOf(int16), bytesOf(float32)];
  const { oblique, sagittal, "axis-aligned": plain } = formatGrids;
  const turned = Int16Array.from(int16, (value) => ((value & 255) << 8) | ((value >> 8) & 255));
  const nifti = (grid: Grid, dtype: "int16" | "float32" = "int16") => niftiHeader({ grid, dtype });
  const series = niftiHeader({ grid: plain, dtype: "int16", slope: 0.5, intercept: 3 });
  // Four axes: two volumes.
  new DataView(series.buffer).setInt16(40, 4, true);
  new DataView(series.buffer).setInt16(48, 2, true);
  const pair = nifti(sagittal);
  pair.set(text("ni1"), 344);
  new DataView(pair.buffer).setFloat32(108, 0, true);
  const long = niftiHeader({ grid: { ...plain, size: [40_000, 1, 1] }, dtype: "uint8" });
  const nrrd = (encoding: "raw" | "gzip") => nrrdHeader({ grid: oblique, dtype: "int16", encoding });
  const npy = npyHeader({ dtype: "<i2", shape: [3, 4, 5] });
  return [
    seed("a.nii", nifti(oblique), voxels),
    seed("gzip.nii.gz", nifti(plain), voxels, { isGzip: true }),
    seed("float.nii", nifti(plain, "float32"), floats),
    seed("big.nii", bigEndianNifti({ grid: plain, dtype: "int16" }), bytesOf(turned)),
    seed("series.nii", series, joined([voxels, voxels])),
    seed("two.nii", long, new Uint8Array(40_000)),
    seed("pair.hdr", pair, text(""), { beside: { name: "pair.img", bytes: voxels } }),
    seed("a.nrrd", nrrd("raw"), voxels),
    seed("gzip.nrrd", nrrd("gzip"), gzipSync(voxels), { endsWithVoxels: false }),
    seed("a.nhdr", detachedNrrd(plain, "a.raw"), text(""), { beside: { name: "a.raw", bytes: voxels } }),
    seed("a.mha", metaImage(oblique, "LOCAL"), voxels),
    seed("zlib.mha", metaImage(plain, "LOCAL", "CompressedData = True\n"), deflateSync(voxels), {
      endsWithVoxels: false,
    }),
    seed("a.mhd", metaImage(sagittal, "a.raw"), text(""), { beside: { name: "a.raw", bytes: voxels } }),
    seed("a.npy", npy, voxels),
    seed("float.npy", npyHeader({ dtype: "<f4", shape: [60] }), floats),
    await segmentation(),
  ];
}

/** A DICOM Segmentation of two labels. */
async function segmentation(): Promise<ImageSeed> {
  const phantom = chestPhantom({ size: [12, 10, 4], noiseHu: 0 });
  const sources = Array.from(phantomSeries(phantom), ({ name, bytes }) => bytesSource(name, bytes));
  const series = chooseSeries((await listSeries(sources)).series);
  const [nx, ny, nz] = series.grid.size;
  const labels = Uint8Array.from({ length: nx * ny * nz }, (_, i) => i % 3);
  const segments = [1, 2].map((label) => ({ label, name: `segment ${label}` }));
  const bytes = encodeSegmentation(series, { labels, segments, created: new Date(0) });
  return { name: "seg.dcm", bytes, headBytes: bytes.length, endsWithVoxels: false, grid: series.grid };
}
