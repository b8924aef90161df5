import type { Chart } from "../run/bar.ts";
import { cpuMsOf, memoryOf } from "./process-costs.ts";

const EVERY_MS = 2_000;
const MIB = 2 ** 20;

interface Track {
  readonly cpu: [number, number][];
  readonly memory: [number, number][];
  lastMs: number;
}

/** Looks at processes until it is disposed of. */
export interface WatchedProcesses extends Disposable {
  /** What each took of a processor, and its memory, over time. */
  charts(): readonly Chart[];
}

/** @param processes their ids by the names they get in the charts */
export function watchProcesses(processes: ReadonlyMap<string, number>): WatchedProcesses {
  const begun = performance.now();
  const tracks = new Map<string, Track>();
  let lookedAt = begun;
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const now = performance.now();
    for (const [name, pid] of processes) {
      const [cpuMs, memory] = await Promise.all([cpuMsOf([pid]), memoryOf(pid)]);
      const track = tracks.get(name) ?? { cpu: [], memory: [], lastMs: cpuMs };
      tracks.set(name, track);
      const seconds = (now - begun) / 1_000;
      const share = now > lookedAt ? (100 * (cpuMs - track.lastMs)) / (now - lookedAt) : 0;
      if (share >= 0) track.cpu.push([seconds, share]);
      track.memory.push([seconds, memory / MIB]);
      track.lastMs = cpuMs;
    }
    lookedAt = now;
    looking = false;
  };
  void look();
  const timer = setInterval(() => void look(), EVERY_MS);
  return {
    charts: () => [
      chart("cpu", "Processor time of each process", "% of a processor", tracks),
      chart("memory", "Memory of each process", "MiB", tracks),
    ],
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function chart(
  name: "cpu" | "memory",
  title: string,
  y: string,
  tracks: ReadonlyMap<string, Track>,
): Chart {
  const series = Array.from(tracks, ([process, track]) => ({ name: process, points: track[name] }));
  return { name, title, x: "seconds", y, series };
}
