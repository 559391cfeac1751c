import type { EndedStudy } from "../cohort/run_cohort.js";

/**
 * On stderr: how many studies are done, at what rate, and the time left; on a terminal one line that is
 * rewritten, else a line each 10 seconds. A study that fails has a line of its own, with its code.
 */
export function cohortProgress(total: number, stream: NodeJS.WriteStream = process.stderr) {
  const start = performance.now();
  let [done, made, failed, painted] = [0, 0, 0, 0];
  return ({ report, times }: EndedStudy): void => {
    done++;
    if (times) made++;
    const erase = stream.isTTY ? "\r\x1b[2K" : "";
    if (report.status !== "done") {
      failed++;
      stream.write(`${erase}${report.study}: ${report.status} [${report.error?.code}]\n`);
    }
    const now = performance.now();
    const isLast = done === total;
    if (!isLast && now - painted < (stream.isTTY ? 50 : 10_000)) return;
    painted = now;
    const perSecond = made / ((now - start) / 1000);
    const left = made > 0 && !isLast ? `, ${duration((total - done) / perSecond)} left` : "";
    const rate = made > 0 ? `, ${perSecond.toFixed(2)} a second${left}` : "";
    stream.write(
      `${erase}studies ${done}/${total}${rate}${failed > 0 ? `, ${failed} failed` : ""}${stream.isTTY && !isLast ? "" : "\n"}`,
    );
  };
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
