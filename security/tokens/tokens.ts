import type { Dice } from "@leasehold/robustness/dice";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { Findings } from "../findings.ts";
import { type Task, timeLeft } from "../task.ts";
import { forgedOf } from "./faults.ts";
import { accessTokens } from "./access-tokens.ts";
import { macSecrets, type Secret } from "./secrets.ts";
import type { Subject } from "./subject.ts";
import { subjects } from "./subjects.ts";
import { textMutant } from "./text-mutants.ts";

const MUTANTS = { quick: 100_000, long: 1_000_000 } as const;
const SECRET_MUTANTS = { quick: 30_000, long: 300_000 } as const;
const LEAST_KINDS = 9;
const LEAST_SECRETS = 6;
const LEAST_FAULTS = 30;

/** Forged and mutated tokens of every kind before the verifiers that believe the genuine ones. */
export async function tokens(task: Task): Promise<Outcome> {
  const made = await subjects();
  const findings = new Findings(task.repeat, "forgedAccepted", "crashes");
  for (const subject of made.all) await forge(subject, await forgedOf(subject, made), findings);
  const goesOn = timeLeft(task);
  for (let round = 0; round < MUTANTS[task.length] && goesOn(); round += 1)
    await mutate(task.dice.pick(made.all), made.all, task.dice, findings);
  await trySecrets(task, goesOn, findings);
  const floors = {
    tokenKinds: LEAST_KINDS,
    tokenMutants: MUTANTS[task.length],
    secretKinds: LEAST_SECRETS,
    secretMutants: SECRET_MUTANTS[task.length] * 0.99,
  };
  const { figures } = findings;
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

/** The same with what servers give out and know again: access tokens, leases, tickets, challenges, pages. */
async function trySecrets(task: Task, goesOn: () => boolean, findings: Findings): Promise<void> {
  await using people = await accessTokens();
  const all: readonly Secret[] = [people, ...macSecrets()];
  for (const secret of all) {
    findings.count("secretKinds");
    if (!(await secret.accepts(secret.token)))
      findings.found("crashes", `a genuine ${secret.kind} is not believed`);
    for (const { fault, token } of secret.forged) {
      findings.count("secretForgeries");
      await refuse({ ...secret, typ: secret.kind }, token, fault, findings);
    }
  }
  for (let round = 0; round < SECRET_MUTANTS[task.length] && goesOn(); round += 1) {
    const secret = task.dice.pick(all);
    const { how, text } = textMutant(secret.token, task.dice, task.dice.pick(all).token);
    // Of bytes that are read one character each, some characters are the same.
    if (Buffer.from(text, "latin1").equals(Buffer.from(secret.token, "latin1"))) continue;
    findings.count("secretMutants");
    await refuse({ ...secret, typ: secret.kind }, text, how, findings);
  }
}

/** Tries what was forged of a token, after the genuine one: who believes nothing proves nothing. */
export async function forge(
  subject: Subject,
  forged: readonly { readonly fault: string; readonly token: string }[],
  findings: Findings,
): Promise<void> {
  findings.count("tokenKinds");
  if (!(await subject.accepts(subject.token)))
    findings.found("crashes", `a genuine ${subject.typ} is not believed`);
  for (const { fault, token } of forged) {
    findings.count("tokenForgeries");
    await refuse(subject, token, fault, findings);
  }
  const faults = new Set(forged.map(({ fault }) => fault)).size;
  findings.count("tokenFaults", faults);
  if (faults < LEAST_FAULTS) findings.found("crashes", `${subject.typ} met ${faults} faults only`);
  findings.count("tokenForgeries");
  if (await subject.acceptsWithoutKey(subject.token))
    findings.found("forgedAccepted", `${subject.typ} of a key that is not trusted any more`);
}

async function mutate(
  subject: Subject,
  all: readonly Subject[],
  dice: Dice,
  findings: Findings,
): Promise<void> {
  const { how, text } = textMutant(subject.token, dice, dice.pick(all).token);
  findings.count("tokenMutants");
  await refuse(subject, text, how, findings);
}

async function refuse(
  { typ, accepts }: Pick<Subject, "typ" | "accepts">,
  token: string,
  how: string,
  findings: Findings,
): Promise<void> {
  const told = `${typ}, ${how}: ${JSON.stringify(token.slice(0, 2_000))}`;
  try {
    if (await accepts(token)) findings.found("forgedAccepted", told);
  } catch (thrown) {
    findings.found("crashes", `${told} throws ${String(thrown)}`);
  }
}
