import type { Progress } from "../../core/control.js";

/**
 * Progress on stderr: on a terminal one line that is rewritten, else a line each time a stage ends, so that
 * logs stay short.
 */
export function progressLine(stream: NodeJS.WriteStream = process.stderr) {
  let stage = "";
  let start = 0;
  let painted = 0;
  return ({ stage: name, done, total }: Progress): void => {
    const now = performance.now();
    if (name !== stage) {
      stage = name;
      start = now;
    }
    const ended = done >= total;
    // 20 repaints a second are smooth; more only cost time.
    if (!ended && (!stream.isTTY || now - painted < 50)) return;
    painted = now;
    const line = `${name.padEnd(16)} ${String(done).padStart(String(total).length)}/${total}  ${((now - start) / 1000).toFixed(1)} s`;
    stream.write(stream.isTTY ? `\r\x1b[2K${line}${ended ? "\n" : ""}` : `${line}\n`);
  };
}
