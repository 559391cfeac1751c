import type { ImageFile } from "./image.js";
import { malformedImage } from "./image_error.js";
import type { ImageLayout } from "./image_layout.js";
import { metaImageLayout, parseMetaImage } from "./metaimage/parse_metaimage.js";
import { niftiLayout, parseNifti } from "./nifti/parse_nifti.js";
import { nrrdLayout, parseNrrd } from "./nrrd/parse_nrrd.js";

/** How images of one format are read. */
export interface ImageFormat {
  readonly name: string;
  /** The bytes at a file's beginning that hold its header for sure. */
  readonly headBytes: number;
  layout(head: Uint8Array): ImageLayout;
  /** The whole of it, unpacked where the file itself is gzipped. */
  parse(bytes: Uint8Array, voxels?: Uint8Array): Promise<ImageFile>;
}

const nifti: ImageFormat = {
  name: "NIfTI",
  headBytes: 1024,
  layout: niftiLayout,
  parse: async (bytes, voxels) => parseNifti(bytes, { voxels }),
};
const nrrd: ImageFormat = {
  name: "NRRD",
  headBytes: 2 ** 20 + 1,
  layout: nrrdLayout,
  parse: (bytes, voxels) => parseNrrd(bytes, { voxels }),
};
const metaImage: ImageFormat = {
  name: "MetaImage",
  headBytes: 2 ** 16,
  layout: metaImageLayout,
  parse: (bytes, voxels) => parseMetaImage(bytes, { voxels }),
};

const formats: Readonly<Record<string, ImageFormat>> = {
  nii: nifti,
  hdr: nifti,
  nrrd,
  nhdr: nrrd,
  mha: metaImage,
  mhd: metaImage,
};

/** By the ending of a file's name, in which ".gz" says nothing. @throws HounsfieldError `malformed-image` */
export function imageFormatOf(name: string): ImageFormat {
  const ending = /\.([a-z]+)(\.gz)?$/i.exec(name)?.[1].toLowerCase() ?? "";
  const format = formats[ending];
  if (format) return format;
  throw malformedImage("image", `"${ending}" is the ending of none that is read`, name);
}
