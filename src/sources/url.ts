import type { ByteSource } from "../core/byte_source.js";
import { bytesSource } from "../core/byte_source.js";
import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import { mapConcurrent } from "../core/map_concurrent.js";
import { checkOptions, invalidOption, type RulesOf } from "../core/options.js";
import { controlRules, oneOf, wholeNotNegative } from "../core/rules.js";
import { BLOCK_BYTES, blockCached } from "./block_cache.js";
import { heldUntilRead } from "./held_until_read.js";

/** Options of urlSources. */
export interface UrlOptions {
  readonly signal?: AbortSignal;
  /** Sent with every request, such as Authorization. */
  readonly headers?: Readonly<Record<string, string>>;
  /** As of fetch: "include" sends cookies to another origin. */
  readonly credentials?: RequestCredentials;
  /**
   * A file up to this size is read whole from a server that does not support Range requests; default 256 MiB.
   */
  readonly maxWholeBytes?: number;
  /**
   * What the first request of each file asks for; default 32 KB, enough for a header. Whoever will show all
   * of the files should ask for what a slice takes, such as 2 ** 20: a request a file less, and its bytes are
   * held until they are read once.
   */
  readonly firstBytes?: number;
}

const MAX_WHOLE_BYTES = 256 * 2 ** 20;
/** What browsers open to one server at a time. */
const REQUESTS_AT_ONCE = 6;

/**
 * Files at http(s) addresses, read by Range requests (RFC 9110 14) as they are needed; a server without Range
 * gives a small file whole. The first request of each asks for 32 KB, or `firstBytes`. Names are addresses
 * without query and credentials, which may be secret.
 * @throws HounsfieldError `io` where a server refuses, cannot be reached, or hides the size of a file;
 * `limit-exceeded` where a file is too large to be read without Range; `invalid-option` for another kind of
 * address. Reading a source: `io`, also where the file has changed since
 */
export async function urlSources(
  urls: Iterable<string | URL>,
  options: UrlOptions = {},
): Promise<ByteSource[]> {
  const isList = typeof urls === "object" && urls !== null && Symbol.iterator in urls;
  if (!isList) throw invalidOption("urlSources", "urls", urls, "a list of addresses");
  return rangedSources(urls, checkOptions("urlSources", options, urlRules));
}

export const urlRules: RulesOf<UrlOptions> = {
  signal: controlRules.signal,
  headers: (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((one) => typeof one === "string")
      ? undefined
      : "names and their texts: { authorization: ... }",
  credentials: /* @__PURE__ */ oneOf("omit", "same-origin", "include"),
  maxWholeBytes: wholeNotNegative,
  firstBytes: wholeNotNegative,
};

/** What urlSources does with options that have been checked, which may be more than its own. */
export async function rangedSources(
  urls: Iterable<string | URL>,
  options: UrlOptions,
): Promise<ByteSource[]> {
  return mapConcurrent([...urls], REQUESTS_AT_ONCE, (url) => urlSource(url, options));
}

async function urlSource(address: string | URL, options: UrlOptions): Promise<ByteSource> {
  const url = parseUrl(address);
  const name = nameOf(url);
  const firstBytes = Math.max(BLOCK_BYTES, options.firstBytes ?? 0);
  const response = await request(url, name, options, { range: `bytes=0-${firstBytes - 1}` });
  if (response.status === 200) return bytesSource(name, await readWhole(response, name, options));
  if (response.status === 416) return bytesSource(name, new Uint8Array(0));
  if (response.status !== 206) throw refusedBy(response, name);
  const first = new Uint8Array(await orIo(name, response.arrayBuffer()));
  const size = contentRange(response)?.size ?? (await sizeByHead(url, name, options));
  const etag = response.headers.get("etag");
  const { signal: _, ...later } = options;
  const ranged: ByteSource = {
    name,
    size,
    async read(start, end) {
      const to = Math.min(end, size);
      if (start >= to) return new Uint8Array(0);
      return readRange(url, name, later, { start, end: to, size, etag });
    },
  };
  return blockCached(heldUntilRead(ranged, first), first.slice(0, BLOCK_BYTES));
}

interface Wanted {
  readonly start: number;
  readonly end: number;
  readonly size: number;
  readonly etag: string | null;
}

async function readRange(url: URL, name: string, options: UrlOptions, wanted: Wanted): Promise<Uint8Array> {
  const { start, end, size, etag } = wanted;
  const response = await request(url, name, options, { range: `bytes=${start}-${end - 1}` });
  if (response.status !== 206) throw refusedBy(response, name);
  const range = contentRange(response);
  const isOther = range !== undefined && (range.start !== start || range.size !== size);
  if (isOther || response.headers.get("etag") !== etag) {
    await response.body?.cancel();
    throw io(name, "has changed on its server since it was opened", {
      offset: start,
      got: range,
      accepted: wanted,
    });
  }
  const bytes = new Uint8Array(await orIo(name, response.arrayBuffer()));
  if (bytes.length === end - start) return bytes;
  throw io(name, `came as ${bytes.length} bytes where ${end - start} were asked for`, { offset: start });
}

async function request(
  url: URL,
  name: string,
  { headers, credentials, signal }: UrlOptions,
  own: Readonly<Record<string, string>>,
  method = "GET",
): Promise<Response> {
  const response = fetch(url, { method, headers: { ...headers, ...own }, credentials, signal });
  return orIo(name, response, signal);
}

/**
 * Where the page may not see Content-Range, as the server of another origin must allow it to; Content-Length
 * it may always see.
 */
async function sizeByHead(url: URL, name: string, options: UrlOptions): Promise<number> {
  const response = await request(url, name, options, {}, "HEAD");
  const size = Number(response.headers.get("content-length") ?? Number.NaN);
  if (response.ok && Number.isSafeInteger(size)) return size;
  throw io(
    name,
    "has no size that can be seen; the server should expose Content-Range (Access-Control-Expose-Headers)",
  );
}

/** A response to a request for a part that gives all: read up to the bound, whatever length it states. */
async function readWhole(response: Response, name: string, options: UrlOptions): Promise<Uint8Array> {
  const { maxWholeBytes = MAX_WHOLE_BYTES } = options;
  const stated = Number(response.headers.get("content-length") ?? 0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader && stated <= maxWholeBytes && size <= maxWholeBytes) {
    const { done, value } = await orIo(name, reader.read(), options.signal);
    if (done) return joined(chunks, size);
    chunks.push(value);
    size += value.length;
  }
  await reader?.cancel();
  const got = Math.max(stated, size);
  const message = `${name}: the server does not support Range requests and the file (${got} bytes or more) exceeds maxWholeBytes (${maxWholeBytes})`;
  throw new HounsfieldError("limit-exceeded", message, { file: name, got, accepted: maxWholeBytes });
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function contentRange(response: Response): { readonly start: number; readonly size: number } | undefined {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  return size === undefined ? undefined : { start: Number(start), size: Number(size) };
}

function parseUrl(address: string | URL): URL {
  const isText = typeof address === "string" || address instanceof URL;
  const url = isText && URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  const got = url ? `an address of ${url.protocol}` : "no address";
  throw new HounsfieldError("invalid-option", `${got} where one of http: or https: is needed`, { got });
}

function nameOf({ origin, pathname }: URL): string {
  try {
    return origin + decodeURIComponent(pathname).replace(/\p{Cc}+/gu, " ");
  } catch {
    return origin + pathname;
  }
}

function refusedBy(response: Response, name: string): HounsfieldError {
  response.body?.cancel().catch(() => undefined);
  return io(name, `cannot be read: its server answered ${response.status} ${response.statusText}`.trimEnd(), {
    got: response.status,
  });
}

async function orIo<T>(name: string, work: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    signal?.throwIfAborted();
    if (isHounsfieldError(cause)) throw cause;
    throw io(name, "cannot be read: its server did not answer, or forbids this page to ask", {}, cause);
  }
}

function io(name: string, what: string, fields: object = {}, cause?: unknown): HounsfieldError {
  return new HounsfieldError("io", `${name}: ${what}`, { file: name, ...fields }, cause);
}
