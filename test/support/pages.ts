import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Builds a page of this repository as an application would, against the library's source; gives the folder of
 * the result.
 */
export async function buildPage(folder: string): Promise<string> {
  const outDir = join(root, "out/pages", folder.replaceAll("/", "_"));
  await build({
    configFile: join(root, "demo/vite.config.ts"),
    root: join(root, folder),
    logLevel: "warn",
    build: { outDir, emptyOutDir: true },
  });
  return outDir;
}

export interface PageServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/** What makes a page cross-origin isolated, so that it may share memory with its workers. */
export const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
} as const;

/** Serves folders, each under its own prefix ("/" or "/data/"), on a free port of this machine only. */
export async function serveFolders(
  folders: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const prefix = prefixes.find((candidate) => path.startsWith(candidate));
    const file = prefix && fileIn(folders[prefix], path.slice(prefix.length) || "index.html");
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const contentType = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { ...headers, "content-type": contentType });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

function fileIn(folder: string, name: string): string | undefined {
  const file = normalize(join(folder, name));
  const inside = file.startsWith(normalize(folder + sep));
  return inside && existsSync(file) && statSync(file).isFile() ? file : undefined;
}
