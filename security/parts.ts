import { dice } from "@leasehold/robustness/dice";
import type { Outcome } from "@leasehold/robustness/outcome";
import type { Plan } from "./plan.ts";
import { files } from "./files/files.ts";
import { protobuf } from "./protobuf/protobuf.ts";
import { tokens } from "./tokens/tokens.ts";
import type { Task } from "./task.ts";

/** A part of a run. */
export interface Part {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** The parts of a run in their order; disposal ends what they share. */
export interface Parts extends AsyncDisposable {
  readonly all: readonly Part[];
}

const ALONE: Readonly<Record<string, (task: Task) => Promise<Outcome>>> = {
  protobuf,
  tokens,
  files,
};

/** @throws RangeError if a part is asked for that there is not */
export function partsOf({ seed, length, only }: Plan, say: (line: string) => void): Parts {
  const stack = new AsyncDisposableStack();
  const unknown = only.find((name) => !(name in ALONE));
  if (unknown !== undefined) throw new RangeError(`there is no part ${unknown}`);
  const all = Object.entries(ALONE)
    .filter(([name]) => only.length === 0 || only.includes(name))
    .map(([name, run], at): Part => {
      const repeat = `--only ${name} --${length} --seed ${seed}`;
      return { name, run: () => run({ length, dice: dice(seed + at), repeat, say }) };
    });
  return { all, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
