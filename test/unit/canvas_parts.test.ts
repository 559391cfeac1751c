import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forwardPointerEvents } from "../../src/render/controls/forward_pointer_events.js";
import { linkViews } from "../../src/render/controls/link_views.js";
import { attachMprControls } from "../../src/render/controls/mpr_controls.js";
import { attachOrbitControls } from "../../src/render/controls/orbit_controls.js";
import { receivePointerEvents } from "../../src/render/controls/receive_pointer_events.js";
import { parseViewChange } from "../../src/render/state/parse_view_change.js";
import { claimCanvas } from "../../src/render/view/canvas_claim.js";
import { framesOf } from "../../src/render/view/frames.js";

describe("a canvas's holder", () => {
  const canvas = () => ({}) as HTMLCanvasElement;

  test("is told when another takes it, once, and then has nothing to give back", () => {
    const one = canvas();
    const told: string[] = [];
    const first = claimCanvas(one, () => told.push("first"));
    const second = claimCanvas(one, () => told.push("second"));
    expect(told).toEqual(["first"]);
    expect(first.release()).toBe(false);
    expect(second.release()).toBe(true);
    expect(second.release()).toBe(false);
    claimCanvas(one, () => {});
    expect(told).toEqual(["first"]);
  });

  test("is told of its own canvas only", () => {
    const told: string[] = [];
    claimCanvas(canvas(), () => told.push("taken"));
    claimCanvas(canvas(), () => {});
    expect(told).toEqual([]);
  });
});

describe("frames", () => {
  /** A window whose frames come when the test says. */
  function pageWindow() {
    const kept = new Map<number, () => void>();
    let last = 0;
    const requestAnimationFrame = (draw: () => void) => {
      kept.set(++last, draw);
      return last;
    };
    const show = () => {
      const draws = [...kept.values()];
      kept.clear();
      for (const draw of draws) draw();
    };
    return { requestAnimationFrame, cancelAnimationFrame: (id: number) => kept.delete(id), show, kept };
  }

  test("are one at a time, and those of the window that the element is in", () => {
    const [opener, popOut] = [pageWindow(), pageWindow()];
    const ownerDocument: { defaultView: unknown } = { defaultView: opener };
    const frames = framesOf({ ownerDocument } as Element);
    let drawn = 0;
    const draw = () => drawn++;
    frames.request(draw);
    frames.request(draw);
    expect(opener.kept.size).toBe(1);
    ownerDocument.defaultView = popOut;
    frames.request(draw);
    expect([opener.kept.size, popOut.kept.size]).toEqual([0, 1]);
    popOut.show();
    expect(drawn).toBe(1);
    frames.request(draw);
    frames.cancel();
    popOut.show();
    expect([drawn, popOut.kept.size]).toEqual([1, 0]);
  });

  describe("of a worker without any", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    test("are timed", () => {
      const frames = framesOf();
      let drawn = 0;
      frames.request(() => drawn++);
      vi.advanceTimersByTime(20);
      expect(drawn).toBe(1);
      frames.request(() => drawn++);
      frames.cancel();
      vi.advanceTimersByTime(100);
      expect(drawn).toBe(1);
    });
  });
});

describe("forwarded events", () => {
  /** An element of a page at (100, 50), with what follows its size. */
  function pageElement() {
    class ResizeObserver {
      constructor(readonly onSize: (entries: object[]) => void) {}
      observe() {
        this.onSize([{ devicePixelContentBoxSize: [{ inlineSize: 400, blockSize: 200 }] }]);
      }
      disconnect() {}
    }
    const element = Object.assign(new EventTarget(), {
      ownerDocument: { defaultView: Object.assign(new EventTarget(), { ResizeObserver }) },
      style: { touchAction: "pan-y" },
      getBoundingClientRect: () => ({ left: 100, top: 50, width: 200, height: 100 }),
      setPointerCapture: () => {},
    });
    return element as unknown as HTMLElement & EventTarget & { style: { touchAction: string } };
  }

  const pass = () => new Promise((resolve) => setTimeout(resolve, 30));
  const happen = (element: EventTarget, type: string, fields: object) => {
    const event = Object.assign(new Event(type, { cancelable: true }), fields);
    element.dispatchEvent(event);
    return event.defaultPrevented;
  };

  test("arrive as they happened, by the element's corner, with its size, whoever begins", async () => {
    for (const pageFirst of [true, false]) {
      const { port1, port2 } = new MessageChannel();
      const element = pageElement();
      const sizes: number[][] = [];
      const begin = [
        () => forwardPointerEvents(element, port1),
        () => {
          const received = receivePointerEvents(port2);
          received.onSize((...px) => sizes.push(px));
          return received;
        },
      ] as const;
      const stop = pageFirst ? begin[0]() : undefined;
      await pass();
      const received = begin[1]();
      const end = stop ?? begin[0]();
      await pass();
      expect(sizes.at(-1)).toEqual([400, 200]);
      expect([received.clientWidth, received.clientHeight]).toEqual([200, 100]);
      expect(element.style.touchAction).toBe("none");

      const heard: unknown[] = [];
      received.addEventListener("pointermove", ({ clientX, clientY, shiftKey }) =>
        heard.push([clientX, clientY, shiftKey]),
      );
      received.addEventListener("wheel", ({ deltaY, clientX }) => heard.push(["wheel", deltaY, clientX]));
      received.addEventListener("keydown", ({ key }) => heard.push(key));
      // What else goes through a port is let alone.
      port1.postMessage("theirs");
      happen(element, "pointermove", { clientX: 130, clientY: 60, shiftKey: true, target2: {} });
      expect(happen(element, "wheel", { deltaY: 3, clientX: 101, clientY: 51 })).toBe(true);
      expect(happen(element, "keydown", { key: "ArrowUp" })).toBe(true);
      expect(happen(element, "keydown", { key: "ArrowUp", ctrlKey: true })).toBe(false);
      expect(happen(element, "keydown", { key: "Tab" })).toBe(false);
      await pass();
      expect(heard).toEqual([[30, 10, true], ["wheel", 3, 1], "ArrowUp", "ArrowUp", "Tab"]);

      end();
      end();
      expect(element.style.touchAction).toBe("pan-y");
      happen(element, "pointermove", { clientX: 130, clientY: 60 });
      received.destroy();
      await pass();
      expect(heard).toHaveLength(5);
      port1.close();
    }
  });

  test("keep from the page the keys that controls use, and no others", () => {
    const used = new Set<string>();
    const element = pageElement();
    const { addEventListener } = element;
    const listeners: ((event: Event) => void)[] = [];
    element.addEventListener = (type: string, listener: EventListener, options: object) => {
      if (type === "keydown") listeners.push(listener);
      addEventListener.call(element, type, listener, options);
    };
    const view = { state: {}, set() {}, on: () => () => {}, ended: false, volume: {}, cut: () => undefined };
    attachOrbitControls(view as never, element);
    attachMprControls(view as never, element);
    const { port1 } = new MessageChannel();
    const page = pageElement();
    const stop = forwardPointerEvents(page, port1);
    const keys = ["Arrow", "Page"].flatMap((key) => ["Left", "Right", "Up", "Down"].map((way) => key + way));
    for (const key of [...keys, "Home", "End", "+", "-", "=", "Tab", "Enter", " ", "a"]) {
      let prevented = false;
      for (const listener of listeners) {
        try {
          listener(Object.assign(new Event("keydown"), { key, preventDefault: () => (prevented = true) }));
        } catch {
          // A view that is none cannot do what the key says.
        }
      }
      if (prevented) used.add(key);
      expect([key, happen(page, "keydown", { key })]).toEqual([key, prevented]);
    }
    expect(used.size).toBe(10);
    stop();
    port1.close();
  });
});

test("a link leaves views at their end alone", () => {
  const listeners: ((event: object) => void)[] = [];
  const changes: string[] = [];
  const view = (name: string, ended: boolean) =>
    ({
      ended,
      state: {},
      set: () => changes.push(name),
      on: (_type: string, listener: (event: object) => void) => {
        listeners.push(listener);
        return () => {};
      },
    }) as never;
  linkViews([view("a", false), view("b", true), view("c", false)]);
  listeners[0]({ state: { mpr: {} }, changed: ["mpr"] });
  expect(changes).toEqual(["c"]);
});

test("a change's keys that are undefined are none, and unknown ones are refused by name", () => {
  expect(parseViewChange({ window: undefined, mpr: { zoom: undefined, slabMm: 2 } })).toEqual({
    mpr: { slabMm: 2 },
  });
  expect(() => parseViewChange({ windw: "lung" })).toThrowError(/windw/);
});
