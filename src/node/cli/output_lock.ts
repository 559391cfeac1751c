import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { HounsfieldError } from "../../core/errors.js";

/**
 * What a lock holds: who works in the folder, and the names that may have been published there since its last
 * report.
 */
interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly files: readonly string[];
}

const NAME = ".hounsfield-lock";

/**
 * A folder's results are one run's at a time. The lock is a file that names host and process; one whose
 * process is gone is taken over, with the names that its holder was about to publish. It is made whole
 * elsewhere and linked to its name, so that nobody ever reads half of it.
 */
export class OutputLock {
  readonly #path: string;
  /** Names that a run which was killed may have left, in part, under their final names. */
  readonly leftFiles: readonly string[];

  /**
   * @throws HounsfieldError `io` where another run works in `folder`; `drafts` is this run's own folder on
   * the same file system
   */
  constructor(
    readonly folder: string,
    readonly drafts: string,
  ) {
    this.#path = join(folder, NAME);
    this.leftFiles = this.#take();
  }

  #take(): readonly string[] {
    if (this.#create([])) return [];
    const holder = readHolder(this.#path);
    if (holder && isAlive(holder)) throw busy(this.folder, holder);
    // Of two that find the same dead lock one moves it away; the other would move the first one's, and gives
    // it back.
    const moved = join(this.drafts, `${NAME}-moved`);
    renameSync(this.#path, moved);
    const taken = readHolder(moved);
    if (taken && isAlive(taken)) {
      linkSync(moved, this.#path);
      throw busy(this.folder, taken);
    }
    const files = taken?.files ?? [];
    if (!this.#create(files)) throw busy(this.folder, readHolder(this.#path));
    return files;
  }

  /** Notes the names that are about to be published, for whoever comes after a kill. */
  record(files: readonly string[]): void {
    renameSync(this.#draft([...new Set(files)]), this.#path);
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }

  /** False where there is a lock. */
  #create(files: readonly string[]): boolean {
    try {
      linkSync(this.#draft(files), this.#path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  #draft(files: readonly string[]): string {
    const draft = join(this.drafts, NAME);
    rmSync(draft, { force: true });
    const holder: Holder = { host: hostname(), pid: process.pid, files };
    writeFileSync(draft, `${JSON.stringify(holder)}\n`);
    return draft;
  }
}

/** Undefined where the file is no lock, or gone meanwhile. */
function readHolder(path: string): Holder | undefined {
  try {
    const { host, pid, files } = JSON.parse(readFileSync(path, "utf8"));
    return { host: String(host), pid: Number(pid), files: Array.isArray(files) ? files.map(String) : [] };
  } catch {
    return undefined;
  }
}

/** Of another host nothing can be known: it counts as alive. */
function isAlive({ host, pid }: Pick<Holder, "host" | "pid">): boolean {
  return host !== hostname() || isRunning(pid);
}

export function isRunning(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signaled, but it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function busy(folder: string, holder: Holder | undefined): HounsfieldError {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : "another run";
  const message = `${folder}: ${who} is writing its results there; wait for it, or remove ${NAME} if it is gone`;
  return new HounsfieldError("io", message, { file: folder });
}
