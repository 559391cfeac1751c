/** What a draw loop is doing. */
export type DrawPhase =
  /** Nothing, or waiting for a timer, for something to draw with, or for a size to draw at. */
  | "idle"
  /** A frame was requested, which comes when the canvas's window shows it. */
  | "requested"
  /** The device is busy with a frame. */
  | "drawing"
  /** For good. */
  | "ended";

/** Where a draw loop stands, apart from its clocks. */
export interface DrawState {
  readonly phase: DrawPhase;
  /** What changed since the last frame began; somebody waits to see a change of the view. */
  readonly change: "none" | "content" | "view";
  /** The last picture is in full quality. */
  readonly finished: boolean;
  /** Other resources are on their way; until then those that are there are drawn with. */
  readonly expecting: boolean;
}

export type DrawEvent =
  /** The resources hold something new. */
  | "content"
  /** Somebody changed the view, or its size. */
  | "view"
  /** Other resources are to be drawn with from now on, or none. */
  | "replaced"
  /** `replaced` will follow, and shows something else. */
  | "expected"
  | "requested"
  | "canceled"
  /** The frame that was requested came, and shows all that changed. */
  | "begun"
  /** The device has done the frame, in full quality or not. */
  | "finished"
  | "unfinished"
  | "ended";

export const initialDrawState: DrawState = {
  phase: "idle",
  change: "none",
  finished: false,
  expecting: false,
};

/** The state after an event. At its end a loop stays there. */
export function drawStateAfter(state: DrawState, event: DrawEvent): DrawState {
  const { phase, change } = state;
  if (phase === "ended") return state;
  switch (event) {
    case "content":
      return { ...state, change: change === "none" ? event : change };
    case "view":
      return { ...state, change: event };
    case "replaced":
      return { ...drawStateAfter(state, "content"), finished: false, expecting: false };
    case "expected":
      return { ...state, expecting: true };
    case "canceled":
      return { ...state, phase: phase === "requested" ? "idle" : phase };
    case "begun":
      return { ...state, phase: "drawing", change: "none" };
    case "finished":
    case "unfinished":
      return { ...state, phase: "idle", finished: event === "finished" };
    default:
      return { ...state, phase: event };
  }
}

/** What a loop does next of its own accord. */
export type DrawStep =
  | "wait"
  /** Requests a frame at once. */
  | "draw"
  /** Requests a frame, some time after the last one. */
  | "follow"
  /** Requests a frame to make the picture better, once nobody changes anything any more. */
  | "refine"
  /** Nothing is left to draw. */
  | "settle";

/**
 * The next step, given what the resources say: whether their content is about to change, and whether
 * something that the view's state asks for is still being made.
 */
export function nextDrawStep(
  { phase, change, finished, expecting }: DrawState,
  { changing, pending }: { readonly changing: boolean; readonly pending: boolean },
): DrawStep {
  if (phase === "drawing" || phase === "ended") return "wait";
  if (change !== "none") return change === "content" && changing ? "follow" : "draw";
  if (phase === "requested") return "wait";
  // Not worth a better picture before it has changed.
  if (!finished) return changing ? "wait" : "refine";
  return pending || expecting ? "wait" : "settle";
}
