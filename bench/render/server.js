import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

/** @type {Readonly<Record<string, string>>} */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/**
 * Serves folders, each under its prefix, on a free port of this machine; answers Range requests, as any
 * server of files does.
 * @param {Readonly<Record<string, string>>} folders
 */
export async function serve(folders) {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const prefix = prefixes.find((candidate) => path.startsWith(candidate));
    const file = prefix && fileIn(folders[prefix], path.slice(prefix.length) || "index.html");
    if (!file) return response.writeHead(404).end();
    const bytes = readFileSync(file);
    const type = { "content-type": types[extname(file)] ?? "application/octet-stream" };
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    if (from === undefined)
      return response
        .writeHead(200, { ...type, "accept-ranges": "bytes", "content-length": bytes.length })
        .end(bytes);
    const part = bytes.subarray(Number(from), to ? Number(to) + 1 : undefined);
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`;
    return response
      .writeHead(206, { ...type, "content-range": range, "content-length": part.length })
      .end(part);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close };
}

/** @param {string} folder @param {string} name */
function fileIn(folder, name) {
  const file = normalize(join(folder, name));
  const inside = file.startsWith(normalize(folder + sep));
  return inside && existsSync(file) && statSync(file).isFile() ? file : undefined;
}
