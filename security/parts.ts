import { dice } from "@leasehold/robustness/dice";
import type { Outcome } from "@leasehold/robustness/outcome";
import { entrance } from "./entrance/entrance.ts";
import { files } from "./files/files.ts";
import { floods } from "./floods/flood-part.ts";
import { guessing } from "./guessing/guessing.ts";
import { live } from "./live/live.ts";
import { matrix } from "./matrix.ts";
import type { Plan } from "./plan.ts";
import { probes } from "./probes/probes.ts";
import { protobuf } from "./protobuf/protobuf.ts";
import { races } from "./races/races.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Task } from "./task.ts";
import { tokens } from "./tokens/tokens.ts";
import { type Belongings, belongings } from "./world.ts";

/** A part of a run. */
export interface Part {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** The parts of a run in their order; disposal ends what they share. */
export interface Parts extends AsyncDisposable {
  readonly all: readonly Part[];
}

/** The cluster that parts attack, and two customers of it. */
export interface World {
  readonly stage: Stage;
  readonly own: Belongings;
  readonly foreign: Belongings;
}

type Attack = (task: Task, world: () => Promise<World>) => Promise<Outcome>;

/** In this order: what may leave the cluster changed comes last. */
const ATTACKS: Readonly<Record<string, Attack>> = {
  protobuf: (task) => protobuf(task),
  tokens,
  files,
  matrix: (task) => matrix(task),
  probes: async (task, world) => {
    const { stage, own, foreign } = await world();
    return probes(task, stage, own, foreign);
  },
  entrance: async (task, world) => entrance(task, (await world()).stage),
  races: async (task, world) => {
    const { stage, own } = await world();
    return races(task, stage, own);
  },
  guessing: async (task, world) => {
    const { stage, own } = await world();
    return guessing(task, stage, own);
  },
  floods: async (task, world) => {
    const { stage, own } = await world();
    return floods(task, stage, own);
  },
  live: async (task, world) => {
    const { stage, own, foreign } = await world();
    return live(task, stage, own, foreign);
  },
};

/** @throws RangeError if a part is asked for that there is not */
export function partsOf({ seed, length, only }: Plan, say: (line: string) => void): Parts {
  const unknown = only.find((name) => !(name in ATTACKS));
  if (unknown !== undefined) throw new RangeError(`there is no part ${unknown}`);
  const stack = new AsyncDisposableStack();
  let opened: Promise<World> | undefined;
  const world = () => (opened ??= openWorld(stack, say));
  const all = Object.entries(ATTACKS).map(([name, attack], at): Part => {
    const repeat = `--only ${name} --${length} --seed ${seed}`;
    const task = { length, dice: dice(seed + at), repeat, say };
    return { name, run: () => attack(task, world) };
  });
  return {
    all: all.filter(({ name }) => only.length === 0 || only.includes(name)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function openWorld(stack: AsyncDisposableStack, say: (line: string) => void): Promise<World> {
  say("a cluster starts");
  const stage = stack.use(await openStage());
  return {
    stage,
    own: await belongings(stage, "own"),
    foreign: await belongings(stage, "foreign"),
  };
}
