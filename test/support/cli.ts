import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const bin = fileURLToPath(new URL("../../bin/hounsfield.js", import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly bin?: string;
  readonly onStart?: (process: ChildProcess) => void;
  /** Called with the process and all that it has said on stderr, each time it says more. */
  readonly onStderr?: (process: ChildProcess, stderr: string) => void;
  /** The same for stdout. */
  readonly onStdout?: (process: ChildProcess, stdout: string) => void;
}

/** Runs the built command line in a process of its own. */
export function hounsfield(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [options.bin ?? bin, ...args], {
    env: { ...process.env, ...options.env },
  });
  options.onStart?.(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
    options.onStdout?.(child, stdout);
  });
  child.stderr.on("data", (data) => {
    stderr += data;
    options.onStderr?.(child, stderr);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** A new folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hounsfield-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function sha256(bytes: ArrayBufferView | string): string {
  const view =
    typeof bytes === "string" ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return createHash("sha256").update(view).digest("hex");
}

export function readJson(path: string) {
  return JSON.parse(readFileSync(path, "utf8"));
}
