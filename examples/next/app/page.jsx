import { version } from "hounsfield"; // on the server: whatever needs no browser works there as well
import { Viewer } from "./viewer.jsx";

export default function Page() {
  return (
    <main>
      <p>hounsfield {version}</p>
      <Viewer />
    </main>
  );
}
