import { spawnSync } from "node:child_process";

/**
 * What everybody gets: some set-ups make each Node process read certificates at its start, and Python look
 * for modules elsewhere.
 */
const env = Object.fromEntries(["PATH", "HOME", "LANG", "TMPDIR"].map((name) => [name, process.env[name]]));

/** @typedef {{ readonly cpu: number, readonly wall: number, readonly megabytes: number }} Measured */

/**
 * CPU seconds, wall seconds and peak resident MB of a process, by GNU time.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Measured}
 */
export function measure(program, args) {
  const { status, stderr } = spawnSync("/usr/bin/time", ["-f", "\n%U %S %e %M", program, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}\n${stderr}`);
  const [user, system, wall, kilobytes] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { cpu: user + system, wall, megabytes: kilobytes / 1000 };
}

/** @param {readonly number[]} numbers */
export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
