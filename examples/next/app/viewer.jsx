"use client";
import {
  attachOrbitControls,
  chooseSeries,
  createView,
  fileSources,
  listSeries,
  openEngine,
  openVolume,
} from "hounsfield";
import { useEffect, useRef, useState } from "react";

/** A choice of folders, and the DICOM series of the chosen one on a canvas. */
export function Viewer() {
  const [files, setFiles] = useState(null);
  const canvas = useRef(null);
  const [status, setStatus] = useState("");
  const [busy, setBusy] = useState(true);

  useEffect(() => {
    if (!files) return;
    const closing = new AbortController();
    show(canvas.current, files, closing.signal, setStatus, setBusy);
    return () => closing.abort();
  }, [files]);

  const choose = ({ target }) => setFiles([...target.files]);
  return (
    <>
      <input type="file" webkitdirectory="" multiple onChange={choose} aria-label="A folder of DICOM files" />
      <output>{status}</output>
      <canvas ref={canvas} aria-busy={busy} aria-label="Maximum intensity projection" />
    </>
  );
}

/** Shows a folder until the signal is aborted, and frees what it made: the view first, the engine last. */
async function show(canvas, files, signal, onStatus, onBusy) {
  const closed = new Promise((resolve) => signal.addEventListener("abort", resolve));
  const onProgress = ({ stage, done, total }) => onStatus(`${stage}: ${done} of ${total}`);
  let engine, volume, view, detach;
  onBusy(true);
  try {
    engine = await openEngine({ device: "gpu", software: "fallback" });
    const series = chooseSeries((await listSeries(fileSources(files), { signal, onProgress })).series);
    ({ volume } = await openVolume(engine, series, { signal, onProgress }));
    view = createView(canvas, volume, { projection: "mip", window: "bone" });
    detach = attachOrbitControls(view, canvas); // drag turns, wheel zooms
    await view.settled();
    onBusy(false);
    await closed;
  } catch (error) {
    if (!signal.aborted) onStatus(`${error.code ?? error.name}: ${error.message}`);
  } finally {
    detach?.();
    for (const one of [view, volume, engine]) one?.destroy();
  }
}
