import { createHash } from "node:crypto";

/** One of several machines' parts of a data set. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** By a hash of the study's path within the data set: a study more moves no other to another machine. */
export function inShard({ index, count }: Shard, key: string): boolean {
  const hash = createHash("sha256").update(key).digest();
  return hash.readUInt32BE(0) % count === index - 1;
}
