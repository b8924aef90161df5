import { methodRule, PrincipalKind } from "@leasehold/contracts";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { type Listener, sessionTo } from "../dial.ts";
import { Findings } from "../findings.ts";
import { type ContractMethod, contractMethods } from "../protobuf/contract.ts";
import type { Stage } from "../stage.ts";
import type { Task } from "../task.ts";
import { type Answer, call, NO_ANSWER, NOT_IN_TIME } from "../wire.ts";
import { type Visitor, visitors } from "./visitors.ts";

const LIMIT_MS = 5_000;
/** Statuses of those who are heard and may do nothing. */
const REFUSALS: ReadonlySet<number> = new Set([7, 12, 16]);
const LEAST = 40;

/** Visitors without a service's certificate at the listeners for services, calling what is for services. */
export async function entrance(task: Task, stage: Stage): Promise<Outcome> {
  const { cluster, listeners } = stage;
  const findings = new Findings(task.repeat, "forgedAccepted", "crashes");
  const methods = (await contractMethods()).filter(isForServices);
  const { issuer, activation, seatBroker } = cluster.internalAddresses;
  const { authorities } = listeners.issuer;
  for (const address of [issuer, activation, seatBroker])
    for (const visitor of await visitors(cluster, "activation")) {
      const at = { address, authorities, proof: visitor.proof, internal: true };
      const answers = await knock(at, methods);
      findings.count("internalVisits");
      if (visitor.gets === "answers" && !answers.some(isAnswer))
        findings.found("crashes", `${visitor.who} is not let in at ${address}`);
      const wrong = answers.find((answer) => isTooMuch(visitor, answer));
      if (wrong !== undefined)
        findings.found(
          "forgedAccepted",
          `${visitor.who} at ${address}: ${wrong.code} ${wrong.message}`,
        );
    }
  for (const mishap of stage.mishaps()) findings.found("crashes", mishap);
  const { figures } = findings;
  const floors = { internalVisits: LEAST };
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

/** Unary, and for services alone. */
function isForServices({ method }: ContractMethod): boolean {
  const { principals = [] } = methodRule(method) ?? {};
  return !method.responseStream && principals.every((kind) => kind === PrincipalKind.SERVICE);
}

/** Makes every call on one connection. Where there is no connection there is no answer. */
async function knock(at: Listener, methods: readonly ContractMethod[]): Promise<readonly Answer[]> {
  const session = await sessionTo(at).catch(() => undefined);
  if (session === undefined) return [];
  try {
    const message = new Uint8Array();
    const asked = methods.map(({ path }) => call(session, { path, message, limitMs: LIMIT_MS }));
    return await Promise.all(asked);
  } finally {
    session.destroy();
  }
}

/** Whether somebody read the call: also if they took their time over it. */
function isAnswer({ code, message }: Answer): boolean {
  return code !== NO_ANSWER || message === NOT_IN_TIME;
}

/** Whether a visitor got further than they may. */
export function isTooMuch({ gets }: Pick<Visitor, "gets">, answer: Answer): boolean {
  if (gets === "answers" || !isAnswer(answer)) return false;
  return gets === "nothing" || !REFUSALS.has(answer.code);
}
