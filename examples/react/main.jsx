import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Viewer } from "./viewer.jsx";

function App() {
  const [files, setFiles] = useState(null);
  const choose = ({ target }) => setFiles([...target.files]);
  return (
    <>
      <input type="file" webkitdirectory="" multiple onChange={choose} aria-label="A folder of DICOM files" />
      {files && <Viewer files={files} />}
    </>
  );
}

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
