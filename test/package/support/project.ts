import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { inject, onTestFinished } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
const run = promisify(execFile);

export interface Project {
  readonly folder: string;
  /**
   * Runs a command of npm's or of the project's tools to its end; gives what it wrote, and throws that where
   * it fails.
   */
  run(command: string, ...args: string[]): Promise<string>;
  /**
   * Starts a server of the project's tools, `{port}` in its arguments being a free port; gives its address
   * once it answers.
   */
  serve(command: string, ...args: string[]): Promise<string>;
}

/**
 * A fresh project outside the checkout: a copy of a folder of this repository, the packed library in its
 * node_modules.
 */
export function createProject(source: string, files: Readonly<Record<string, string>> = {}): Project {
  const folder = mkdtempSync(join(inject("projects"), `${source.replaceAll("/", "-")}-`));
  cpSync(join(root, source), folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  cpSync(inject("installed"), join(folder, "node_modules"), { recursive: true, verbatimSymlinks: true });
  const env = toolEnvironment(folder);
  return {
    folder,
    async run(command, ...args) {
      try {
        const { stdout, stderr } = await run(command, args, { cwd: folder, env, maxBuffer: 2 ** 26 });
        return stdout + stderr;
      } catch (error) {
        throw new Error(`${command} ${args.join(" ")}\n${saidBy(error)}`);
      }
    },
    async serve(command, ...args) {
      const port = await freePort();
      const given = args.map((argument) => argument.replace("{port}", String(port)));
      const child = spawn(command, given, {
        cwd: folder,
        env,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      onTestFinished(() => endGroup(child));
      await answering(`http://127.0.0.1:${port}/`, child);
      return `http://127.0.0.1:${port}`;
    },
  };
}

export function readText(project: Project, name: string): string {
  return readFileSync(join(project.folder, name), "utf8");
}

function toolEnvironment(folder: string): NodeJS.ProcessEnv {
  const { NODE_ENV: _, VITEST: __, ...rest } = process.env;
  const tools = join(inject("projects"), "../node_modules/.bin");
  const bin = join(folder, "node_modules/.bin");
  return { ...rest, CI: "1", NEXT_TELEMETRY_DISABLED: "1", PATH: [bin, tools, rest.PATH].join(":") };
}

function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stdout = "", stderr = "" } = error as Error & { stdout?: string; stderr?: string };
  return `${stdout}\n${stderr}`.slice(-6000) || error.message;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  let said = "";
  child.stdout?.on("data", (text) => (said += text));
  child.stderr?.on("data", (text) => (said += text));
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (answer && answer.status >= 500) throw new Error(`${url} answers ${answer.status}\n${said}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the server ended with ${child.exitCode}\n${said}`);
}

/** The server and what it started. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}
