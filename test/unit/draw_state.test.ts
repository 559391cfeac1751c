import { describe, expect, test } from "vitest";
import {
  type DrawEvent,
  type DrawState,
  drawStateAfter,
  initialDrawState,
  nextDrawStep,
} from "../../src/render/view/draw_state.js";

const stateAfter = (...events: DrawEvent[]) => events.reduce(drawStateAfter, initialDrawState);
const quiet = { changing: false, pending: false };
const arriving = { changing: true, pending: true };

describe("what a draw loop does next", () => {
  test.each<[string, readonly DrawEvent[], string, string]>([
    // What happened; the step while nothing changes by itself, and while slices arrive.
    ["what is new is drawn, while it goes on changing at intervals", ["content"], "draw", "follow"],
    ["what somebody changed is drawn at once", ["view"], "draw", "draw"],
    ["whatever came with it", ["content", "view"], "draw", "draw"],
    ["or after it", ["view", "content"], "draw", "draw"],
    ["a frame that was requested shows what changed before it", ["view", "requested"], "draw", "draw"],
    ["while the device draws, all waits", ["view", "requested", "begun", "view"], "wait", "wait"],
    ["a rough picture is refined, once it stays", ["requested", "begun", "unfinished"], "refine", "wait"],
    ["what changed meanwhile comes first", ["begun", "content", "unfinished"], "draw", "follow"],
    ["nothing is left after a full picture", ["requested", "begun", "finished"], "settle", "wait"],
    ["unless a frame was requested again", ["begun", "finished", "requested"], "wait", "wait"],
    ["which can be taken back", ["begun", "finished", "requested", "canceled"], "settle", "wait"],
    ["or others are on their way", ["begun", "finished", "expected"], "wait", "wait"],
    ["with which all is drawn anew", ["begun", "finished", "expected", "replaced"], "draw", "follow"],
    ["an end is for good", ["ended", "view", "requested", "begun", "finished"], "wait", "wait"],
  ])("%s", (_, events, step, whileArriving) => {
    expect([
      nextDrawStep(stateAfter(...events), quiet),
      nextDrawStep(stateAfter(...events), arriving),
    ]).toEqual([step, whileArriving]);
  });

  test("nothing settles while masks are being made, although the picture stays as it is", () => {
    const finished = stateAfter("begun", "finished");
    expect(nextDrawStep(finished, { changing: false, pending: true })).toBe("wait");
  });
});

test("events change what they name and nothing else", () => {
  const state: DrawState = { phase: "idle", change: "none", finished: true, expecting: false };
  expect(drawStateAfter(state, "content")).toEqual({ ...state, change: "content" });
  expect(drawStateAfter(state, "view")).toEqual({ ...state, change: "view" });
  expect(drawStateAfter(state, "expected")).toEqual({ ...state, expecting: true });
  expect(drawStateAfter(state, "requested")).toEqual({ ...state, phase: "requested" });
  // A frame under way cannot be canceled, and what it was begun for counts as shown.
  const drawing = drawStateAfter(drawStateAfter(state, "view"), "begun");
  expect(drawing).toEqual({ ...state, phase: "drawing" });
  expect(drawStateAfter(drawing, "canceled")).toEqual(drawing);
  expect(drawStateAfter({ ...drawing, expecting: true }, "replaced")).toEqual({
    phase: "drawing",
    change: "content",
    finished: false,
    expecting: false,
  });
});
