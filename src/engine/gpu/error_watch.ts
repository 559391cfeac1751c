/** Notes what goes wrong on a device without being asked for. */
export interface ErrorWatch {
  /** Does what hands work to the device, at once. */
  during<T>(work: () => T): T;
  /** Resolves when all that was handed over so far has been judged. */
  settled(): Promise<unknown>;
  end(): void;
}

/** Of a device of ours: all of its errors. Its `onuncapturederror` stays whoever's likes it. */
export function watchDevice(device: GPUDevice, failures: GPUError[]): ErrorWatch {
  const note = (event: Event) => void failures.push((event as GPUUncapturedErrorEvent).error);
  device.addEventListener("uncapturederror", note);
  return {
    during: (work) => work(),
    settled: async () => {},
    end: () => device.removeEventListener("uncapturederror", note),
  };
}
