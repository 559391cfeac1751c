import { workerData } from "node:worker_threads";
import { workInTeam } from "../engine/cpu/team_work.js";

workInTeam(workerData);
