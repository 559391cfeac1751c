/**
 * What is forwarded of an event: plain data, so that any port carries it. Places are CSS pixels from the
 * element's top left corner.
 */
export interface ForwardedEvent {
  readonly type: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** An element's size when a message was sent. */
export interface ForwardedSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels of its content; 0 while it is not laid out. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** From the page to the worker: an event, or the element's size alone. */
export interface ForwardedMessage {
  readonly hounsfield: "input";
  readonly size: ForwardedSize;
  readonly event?: ForwardedEvent;
}

/** From the worker to the page: somebody listens now, and asks for the size. */
export interface ListeningMessage {
  readonly hounsfield: "listening";
}

/** A worker, as the page or as itself sees it, or a port of a `MessageChannel`. */
export interface MessageEndpoint {
  postMessage(message: unknown): void;
  addEventListener(
    type: "message",
    listener: (event: { readonly data: unknown }) => void,
    options?: { readonly signal?: AbortSignal },
  ): void;
  /** Ports have it: without it they keep their messages. */
  start?(): void;
}

/** One of ours among whatever else goes through a worker's messages. */
export function isOurs<T extends ForwardedMessage | ListeningMessage>(
  data: unknown,
  kind: T["hounsfield"],
): data is T {
  return typeof data === "object" && data !== null && "hounsfield" in data && data.hounsfield === kind;
}

export function isEndpoint(value: unknown): value is MessageEndpoint {
  return typeof value === "object" && value !== null && "postMessage" in value && "addEventListener" in value;
}
