import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { Findings } from "../findings.ts";
import { type Task, timeLeft } from "../task.ts";
import { textMutant } from "../tokens/text-mutants.ts";
import { type FileKind, fileKinds } from "./kinds.ts";
import { WAYS } from "./ways.ts";

const MUTANTS = { quick: 20_000, long: 200_000 } as const;

/** Files of every kind, damaged and forged, before what reads and verifies them. */
export async function files(task: Task): Promise<Outcome> {
  const findings = new Findings(task.repeat, "forgedAccepted", "crashes");
  const kinds = await fileKinds();
  for (const kind of kinds) await tryWays(kind, findings);
  const goesOn = timeLeft(task);
  for (let round = 0; round < MUTANTS[task.length] && goesOn(); round += 1) {
    const kind = task.dice.pick(kinds);
    const { how, text } = textMutant(kind.file, task.dice, task.dice.pick(kinds).file);
    findings.count("licenseFileMutants");
    const said = await saidOf(kind, text, how, findings);
    if (said !== undefined && said !== (await kind.believed(kind.file)))
      findings.found("forgedAccepted", `${kind.kind}, ${how}: ${JSON.stringify(text)}`);
  }
  const { figures } = findings;
  const floors = {
    licenseFileMutants: MUTANTS[task.length],
    licenseFileWays: Object.keys(WAYS).length * 5,
  };
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

/** Tries what may happen to a file: what is right stays believed, and nothing else is. */
export async function tryWays(kind: FileKind, findings: Findings): Promise<void> {
  const genuine = await kind.believed(kind.file);
  if (genuine === undefined) findings.found("crashes", `a genuine ${kind.kind} is not believed`);
  for (const [way, { believed, change }] of Object.entries(WAYS)) {
    findings.count("licenseFileWays");
    const said = await saidOf(kind, change(kind.file), way, findings);
    if (believed && said !== genuine)
      findings.found("crashes", `${kind.kind} is not read any more: ${way}`);
    if (!believed && said !== undefined) findings.found("forgedAccepted", `${kind.kind}, ${way}`);
  }
}

async function saidOf(
  { kind, believed }: FileKind,
  text: string,
  how: string,
  findings: Findings,
): Promise<string | undefined> {
  try {
    return await believed(text);
  } catch (thrown) {
    findings.found("crashes", `${kind}, ${how}: ${String(thrown)} over ${JSON.stringify(text)}`);
    return undefined;
  }
}
