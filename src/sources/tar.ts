import type { ByteSource, Extent } from "../core/byte_source.js";
import { readExactly } from "../core/byte_source.js";
import type { Control } from "../core/control.js";
import { HounsfieldError } from "../core/errors.js";
import { malformedArchive, unsupportedArchive } from "./archive_error.js";
import { unmarkedName } from "./file_names.js";
import { parsePaxRecords, parseTarHeader, TAR_BLOCK_BYTES, type TarHeader, textBytes } from "./tar_header.js";

/** A long name or a pax header is a few hundred bytes. */
const MAX_EXTENSION_BYTES = 2 ** 20;

/**
 * The files of a tar as sources, named "archive/member", read where they lie: ustar, pax and GNU long names,
 * and sizes beyond 8 GB. Links are left out, since what they lead to is there by its own name; of two members
 * with one name the later counts, as unpacking would have it. Progress stage: "archive", in bytes.
 * @throws HounsfieldError `malformed-archive`; `unsupported-archive` for a sparse member; `truncated`;
 * `limit-exceeded`; `io`
 */
export async function tarSources(
  source: ByteSource,
  { signal, onProgress }: Control = {},
): Promise<ByteSource[]> {
  const members = new Map<string, ByteSource>();
  let extended: Extended = {};
  for (let offset = 0; offset + TAR_BLOCK_BYTES <= source.size; ) {
    signal?.throwIfAborted();
    const block = await readExactly(source, offset, offset + TAR_BLOCK_BYTES);
    // The end is two blocks of zeros; one is taken for it too, as GNU tar does.
    if (block.every((byte) => byte === 0)) break;
    const header = parseTarHeader(block, source.name, offset);
    const data: Extent = { offset: offset + TAR_BLOCK_BYTES, length: extended.size ?? header.size };
    if (data.offset + data.length > source.size) throw endsEarly(source, header.name);
    if ("xgLK".includes(header.type)) {
      extended = { ...extended, ...(await readExtension(source, header, data)) };
    } else {
      addMember(source, { ...header, name: extended.name ?? header.name }, data, members);
      extended = {};
    }
    offset = data.offset + Math.ceil(data.length / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
    onProgress?.({ stage: "archive", done: Math.min(offset, source.size), total: source.size });
  }
  onProgress?.({ stage: "archive", done: source.size, total: source.size });
  return [...members.values()];
}

/** What a header before a member says in place of the member's own. */
interface Extended {
  readonly name?: string;
  readonly size?: number;
}

/** A global pax header ("g") says nothing that is used here: names and sizes differ from member to member. */
async function readExtension(source: ByteSource, header: TarHeader, data: Extent): Promise<Extended> {
  if (header.type === "g" || header.type === "K") return {};
  if (data.length > MAX_EXTENSION_BYTES) {
    const message = `${source.name}: has a header of ${data.length} bytes; accepted are ${MAX_EXTENSION_BYTES}`;
    const fields = { file: source.name, got: data.length, accepted: MAX_EXTENSION_BYTES };
    throw new HounsfieldError("limit-exceeded", message, fields);
  }
  const bytes = await readExactly(source, data.offset, data.offset + data.length);
  if (header.type === "L") return { name: unmarkedName(textBytes(bytes, 0, bytes.length)) };
  const records = parsePaxRecords(bytes, source.name);
  const [path, size] = [records.get("path"), records.get("size")];
  if (records.has("GNU.sparse.major") || records.has("GNU.sparse.size")) {
    throw unsupportedArchive(source.name, "has a sparse member; pack it without sparse files");
  }
  if (size !== undefined && !/^\d{1,15}$/.test(size)) {
    throw malformedArchive(source.name, "has a pax header with an invalid size", { got: size });
  }
  return {
    ...(path !== undefined && { name: unmarkedName(new TextEncoder().encode(path)) }),
    ...(size !== undefined && { size: Number(size) }),
  };
}

function addMember(
  archive: ByteSource,
  { name: inner, type }: TarHeader,
  { offset, length }: Extent,
  members: Map<string, ByteSource>,
): void {
  const name = `${archive.name}/${inner}`;
  if (type === "S") throw unsupportedArchive(name, "is a sparse member; pack it without sparse files");
  const isFile = type === "0" || type === "7";
  if (!isFile || inner.endsWith("/")) return;
  members.set(inner, {
    name,
    size: length,
    read: (start, end) => {
      const from = Math.min(start, length);
      const to = Math.max(from, Math.min(end, length));
      return readExactly(archive, offset + from, offset + to);
    },
  });
}

function endsEarly(source: ByteSource, member: string): HounsfieldError {
  const message = `${source.name}: ends inside its member ${member}: its copy was not completed`;
  return new HounsfieldError("truncated", message, { file: source.name, offset: source.size });
}
