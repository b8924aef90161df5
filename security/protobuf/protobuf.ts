import { isProblem } from "@leasehold/kernel";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import type { Dice } from "@leasehold/robustness/dice";
import { Findings } from "../findings.ts";
import { type Task, timeLeft } from "../task.ts";
import { type ContractMethod, contractMethods } from "./contract.ts";
import { countSteps, TooManySteps } from "./count-steps.ts";
import { Taken } from "./dead-ends.ts";
import { callsOf, type Handle, handlersByPath } from "./handlers.ts";
import { mutant } from "./mutate.ts";
import { sampleBytes } from "./sample.ts";

const INPUTS = { quick: 60_000, long: 1_000_000 } as const;
const SAMPLES = 40;
/** Fields of one input that a decoder may read: no more than it has bytes. */
const MOST_STEPS = 512 * 1024;
/** Heap that this process may have after a run of inputs, in bytes: nothing is kept of them. */
const MOST_HEAP = 768 * 1024 * 1024;

/** A method, and what its service makes of a request. */
export interface Target extends ContractMethod {
  readonly samples: readonly Uint8Array[];
  readonly handle: Handle | undefined;
}

/** What came of one input. */
export type Verdict =
  | "undecodable"
  | "refused"
  | "taken"
  | "unhandled"
  | { readonly crash: string };

/** Every method of the contract as a target. */
export async function targets(dice: Dice): Promise<readonly Target[]> {
  const handlers = await handlersByPath();
  return (await contractMethods()).map((method) => ({
    ...method,
    samples: Array.from({ length: SAMPLES }, () => sampleBytes(method.input, dice)),
    handle: method.method.requestStream ? undefined : handlers.get(method.path),
  }));
}

/** Mutants of valid requests through the decoders, and through the services' own reading of requests. */
export async function protobuf(task: Task, found?: readonly Target[]): Promise<Outcome> {
  const { dice, length, repeat } = task;
  const all = found ?? (await targets(dice));
  const findings = new Findings(repeat, "crashes");
  for (const { path, handle, method } of all)
    if (handle === undefined && !method.requestStream)
      findings.found("crashes", `${path} has no handler to try`);
  const goesOn = timeLeft(task);
  for (let round = 0; round < INPUTS[length] && goesOn(); round += 1) {
    const target = dice.pick(all);
    const { how, bytes } = mutant(dice.pick(target.samples), dice);
    const verdict = await verdictOf(target, bytes, dice);
    findings.count("protobufInputs");
    if (typeof verdict === "string") findings.count(`protobuf.${verdict}`);
    else findings.found("crashes", tell(target, how, bytes, verdict.crash));
  }
  if (process.memoryUsage().heapUsed > MOST_HEAP)
    findings.found("crashes", "decoders keep what they decoded");
  const { figures } = findings;
  const floors = {
    protobufInputs: INPUTS[length],
    "protobuf.undecodable": INPUTS[length] / 20,
    "protobuf.refused": INPUTS[length] / 20,
    "protobuf.taken": INPUTS[length] / 500,
  };
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

function tell({ path }: Target, how: string, bytes: Uint8Array, crash: string): string {
  const hex = Buffer.from(bytes.subarray(0, 400)).toString("hex");
  return `${path}, ${how}, ${bytes.length} bytes ${hex}: ${crash}`;
}

/** What the service would do with these bytes. */
export async function verdictOf(target: Target, bytes: Uint8Array, dice: Dice): Promise<Verdict> {
  using steps = countSteps(MOST_STEPS);
  let request: unknown;
  try {
    request = target.method.requestType.decode(bytes);
  } catch (thrown) {
    return thrown instanceof TooManySteps ? { crash: "the decoder does not end" } : "undecodable";
  }
  if (steps.taken() > bytes.length + 1) return { crash: "the decoder reads what is not there" };
  return await handled(target, request, dice);
}

async function handled(target: Target, request: unknown, dice: Dice): Promise<Verdict> {
  const calls = callsOf(target.method);
  if (target.handle === undefined || calls.length === 0) return "unhandled";
  try {
    const answer = target.handle(request, dice.pick(calls));
    if (isStream(answer)) await answer[Symbol.asyncIterator]().next();
    else await answer;
    return "taken";
  } catch (thrown) {
    if (thrown instanceof Taken) return "taken";
    if (isProblem(thrown) && thrown.reason !== "INTERNAL") return "refused";
    return { crash: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}
