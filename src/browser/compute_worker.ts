import { workInTeam } from "../engine/cpu/team_work.js";

self.addEventListener("message", ({ data }) => workInTeam(data), { once: true });
