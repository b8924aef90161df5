import type { Chart } from "../run/bar.ts";
import type { ProcessCosts } from "./process-costs.ts";

const EVERY_MS = 2_000;
const MIB = 2 ** 20;

interface Track {
  readonly cpu: [number, number][];
  readonly memory: [number, number][];
  /** Of the processor, at the first and at the last look. */
  readonly firstMs: number;
  lastMs: number;
}

/** Looks at processes until it is disposed of. */
export interface WatchedProcesses extends Disposable {
  /** What each took of a processor, and its memory, over time. */
  charts(): readonly Chart[];
  /** The same in numbers: of a processor on average, in percent, and MiB at most. */
  details(): Readonly<Record<string, number>>;
}

/** What each process costs, by the name it gets in the charts. */
export type Watched = ReadonlyMap<string, () => Promise<ProcessCosts>>;

export function watchProcesses(processes: Watched): WatchedProcesses {
  const begun = performance.now();
  const tracks = new Map<string, Track>();
  let lookedAt = begun;
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const now = performance.now();
    for (const [name, costs] of processes) {
      const { cpuMs, memory } = await costs();
      if (memory === 0) continue; // it is gone
      const known = tracks.get(name);
      const track = known ?? { cpu: [], memory: [], firstMs: cpuMs, lastMs: cpuMs };
      tracks.set(name, track);
      const seconds = (now - begun) / 1_000;
      if (known) track.cpu.push([seconds, (100 * (cpuMs - track.lastMs)) / (now - lookedAt)]);
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
    details: () => Object.fromEntries([...tracks].flatMap(([name, track]) => told(name, track))),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Names by which what was seen of a process stands among the details of a result. */
export const shareName = (process: string): string => `${process}, % of a processor`;
const memoryName = (process: string): string => `${process}, MiB at most`;

function told(name: string, { firstMs, lastMs, memory }: Track): readonly [string, number][] {
  const seconds = (memory.at(-1)?.[0] ?? 0) - (memory[0]?.[0] ?? 0);
  const most = memory.reduce((sofar, [, mib]) => Math.max(sofar, mib), 0);
  const share = seconds > 0 ? (lastMs - firstMs) / (10 * seconds) : 0;
  return [
    [shareName(name), Number(share.toFixed(1))],
    [memoryName(name), Math.round(most)],
  ];
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
