import { promises as fs } from "node:fs";
import { dirname, join } from "node:path";
import type { ByteSource } from "../core/byte_source.js";
import { fileSource } from "./sources.js";

/** Headers of images whose voxels lie in a file beside them: NRRD's, MetaImage's, NIfTI's. */
const HEADER = /\.(nhdr|mhd|hdr)$/i;
const NAMED = /^\s*(?:data ?file\s*:|ElementDataFile\s*=)\s*(\S[^\r\n]*?)\s*$/im;

/**
 * The file of voxels that the header at `path` names, as a source beside it; none where there is none, which
 * its reader then says. Only files of the header's own folder, or of one in it, are opened.
 */
export async function detachedVoxels(path: string, header: ByteSource): Promise<readonly ByteSource[]> {
  if (!HEADER.test(path)) return [];
  const head = new TextDecoder("latin1").decode(await header.read(0, Math.min(header.size, 2 ** 16)));
  const pair = header.name.replace(/\.hdr$/i, ".img");
  const names = /\.hdr$/i.test(path)
    ? [pair, `${pair}.gz`]
    : [NAMED.exec(head)?.[1].replace(/^\.\//, "") ?? ""];
  for (const name of names) {
    if (name === "" || /^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(name)) continue;
    const file = join(dirname(path), name);
    const stat = await fs.stat(file).catch(() => undefined);
    if (stat?.isFile()) return [fileSource(file, name, stat.size)];
  }
  return [];
}
