import { expect, test } from "vitest";
import { nextAssignment } from "../../src/decode/pool/assign_frames.js";

test.each<[string, number, number[], number, ReturnType<typeof nextAssignment>]>([
  ["nothing waits", 0, [0], 2, undefined],
  ["the first frame starts a worker", 1, [], 2, { worker: "new", frames: 1 }],
  ["an idle worker comes before a new one", 1, [3, 0], 2, { worker: 1, frames: 1 }],
  ["a worker gets its share, rounded up", 5, [], 3, { worker: "new", frames: 2 }],
  ["and four at most", 100, [], 2, { worker: "new", frames: 4 }],
  ["all have enough", 10, [3, 4], 2, undefined],
  ["one that is down to two gets as many as it lacks", 10, [3, 2], 2, { worker: 1, frames: 2 }],
  ["the one with the fewest, the first of equals", 10, [2, 1, 1], 3, { worker: 1, frames: 3 }],
  ["no more are busy than may be, though others are idle", 4, [3, 0, 0], 1, undefined],
  ["which run dry one after the other where they are too many", 4, [1, 1, 1], 2, undefined],
  ["but one always works", 4, [0, 0], 1, { worker: 0, frames: 4 }],
])("%s", (_, waiting, framesInWorkers, mostBusy, assignment) => {
  expect(nextAssignment(waiting, framesInWorkers, mostBusy)).toEqual(assignment);
});
