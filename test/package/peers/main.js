// One page for all peers: each is loaded when the test asks for it, and draws into an element of its own.
const pages = {
  cornerstone: () => import("./cornerstone.js"),
  niivue: () => import("./niivue.js"),
  onnx: () => import("./onnx.js"),
  three: () => import("./three.js"),
  vtk: () => import("./vtk.js"),
};

/** Gives what the page found, as plain data. */
window.run = async (name) => {
  document.body.replaceChildren();
  const element = document.createElement("div");
  element.style.cssText = "width: 192px; height: 192px";
  document.body.append(element);
  const { run } = await pages[name]();
  return run(element);
};
