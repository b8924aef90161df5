import type { ClientHttp2Session } from "node:http2";
import { methodRule, PrincipalKind } from "@leasehold/contracts";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { sessionTo } from "../dial.ts";
import { Findings } from "../findings.ts";
import { type ContractMethod, contractMethods } from "../protobuf/contract.ts";
import type { Stage } from "../stage.ts";
import { type Task, timeLeft } from "../task.ts";
import { type Answer, call } from "../wire.ts";
import { type Belongings, installationHeaders, requestId } from "../world.ts";
import {
  ABOUT_ONESELF,
  absent,
  ASKED,
  beneath,
  forgetful,
  type Names,
  namesOf,
  OF_THINGS,
  renamed,
} from "./asked.ts";

const PROBES = { quick: 1_200, long: 100_000 } as const;
const AT_A_TIME = 8;
const OK = 0;
const NOT_FOUND = 5;

/** Who asks: an account, or an installation. */
interface Prober {
  readonly who: string;
  readonly kind: PrincipalKind;
  headers(service: string): Promise<Record<string, string>>;
}

/** What one prober asks one method for. */
export interface Probe {
  readonly by: Prober;
  readonly method: ContractMethod;
  readonly names: Names;
}

/** Asks, and gives the answer back. */
export type Ask = (probe: Probe) => Promise<Answer>;

/** People and machines of one customer ask for everything of another's: the answers are those about nothing. */
export async function probes(
  task: Task,
  stage: Stage,
  own: Belongings,
  foreign: Belongings,
): Promise<Outcome> {
  const findings = new Findings(task.repeat, "leaks", "crashes");
  const methods = await scoped(findings);
  await using lines = await openLines(stage);
  const probers = [person(own), machine(own)];
  const pairs = methods.flatMap((method) =>
    probers.filter(({ kind }) => mayBeCalledBy(method, kind)).map((by) => ({ by, method })),
  );
  const before = await seenBy(foreign, methods, lines.ask);
  const goesOn = timeLeft(task);
  let round = 0;
  const next = async () => {
    while (round < PROBES[task.length] && goesOn()) {
      const pair = pairs[round % pairs.length];
      const isSmuggled = Math.floor(round / pairs.length) % 2 === 1;
      round += 1;
      if (pair)
        await compare(
          pair,
          { own: namesOf(own), foreign: namesOf(foreign), isSmuggled },
          lines.ask,
          findings,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, next));
  if ((await seenBy(foreign, methods, lines.ask)) !== before)
    findings.found("leaks", "what is the other customer's was changed");
  for (const mishap of stage.mishaps()) findings.found("crashes", mishap);
  const { figures } = findings;
  const floors = {
    crossCustomerProbes: PROBES[task.length],
    "crossCustomerProbes.notFound": PROBES[task.length] * 0.6,
    crossCustomerMethods: 40,
  };
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

/** The methods that people and machines of customers may call; each has to be known here. */
async function scoped(findings: Findings): Promise<readonly ContractMethod[]> {
  const theirs = (await contractMethods()).filter(
    (method) =>
      mayBeCalledBy(method, PrincipalKind.ACCOUNT) ||
      mayBeCalledBy(method, PrincipalKind.INSTALLATION),
  );
  for (const { key, path } of theirs)
    if (!(key in ASKED) && !ABOUT_ONESELF.has(key)) findings.found("leaks", `${path} is not asked`);
  const asked = theirs.filter(({ key }) => key in ASKED);
  findings.count("crossCustomerMethods", asked.length);
  return asked;
}

function mayBeCalledBy({ method }: ContractMethod, kind: PrincipalKind): boolean {
  return methodRule(method)?.principals.includes(kind) ?? false;
}

function person({ accessToken }: Belongings): Prober {
  const headers = () => Promise.resolve({ authorization: `Bearer ${accessToken}` });
  return { who: "a person", kind: PrincipalKind.ACCOUNT, headers };
}

function machine(own: Belongings): Prober {
  const proofs = new Map<string, () => Promise<Record<string, string>>>();
  const headers = (service: string) => {
    const proof = proofs.get(service) ?? installationHeaders(own, service);
    proofs.set(service, proof);
    return proof();
  };
  return { who: "a machine", kind: PrincipalKind.INSTALLATION, headers };
}

/** Compares what is told of another customer's with what is told of nobody's. */
export async function compare(
  pair: Omit<Probe, "names">,
  {
    own,
    foreign,
    isSmuggled,
  }: { readonly own: Names; readonly foreign: Names; readonly isSmuggled: boolean },
  ask: Ask,
  findings: Findings,
): Promise<void> {
  const smuggled = isSmuggled && OF_THINGS.includes(pair.method.key);
  const names = smuggled ? beneath(foreign, own.customer) : foreign;
  const nobodys = smuggled ? beneath(absent(foreign), own.customer) : absent(foreign);
  const theirs = told(await ask({ ...pair, names }), names);
  const nobody = smuggled ? ofOwn(nobodys, own) : nobodys;
  const nothing = told(await ask({ ...pair, names: nobody }), nobody);
  findings.count("crossCustomerProbes");
  const what = `${pair.by.who} asks ${pair.method.path}${smuggled ? " beneath the own customer" : ""}`;
  if (theirs.code === NOT_FOUND) findings.count("crossCustomerProbes.notFound");
  if (theirs.code === OK && theirs.tells)
    findings.found("leaks", `${what}, and is told ${theirs.text}`);
  if (theirs.text !== nothing.text)
    findings.found("leaks", `${what}: ${theirs.text}, and of nothing: ${nothing.text}`);
  if (theirs.code === 13 || theirs.code < 0) findings.found("crashes", `${what}: ${theirs.text}`);
}

/** An absent thing beneath a customer that is there. */
function ofOwn(names: Names, own: Names): Names {
  return renamed(names, (name) => name.replace(/^customers\/[^/]+/, own.customer));
}

function told(
  answer: Answer,
  { lease }: Names,
): { readonly code: number; readonly text: string; readonly tells: boolean } {
  const { code, message, reason, details, body } = answer;
  const facts = details?.details.map(({ typeUrl, value }) => [typeUrl, value.toString("latin1")]);
  const asked = Buffer.from(lease).toString("latin1");
  const response = body?.toString("latin1").replace(asked, "the lease");
  const text = JSON.stringify([code, message, reason, facts, response]);
  const tells = (body?.length ?? 0) > 0 && code === OK && !isRefusal(answer);
  return { code, text: forgetful(text), tells };
}

/** A heartbeat is refused in the response. */
function isRefusal({ body }: Answer): boolean {
  return body !== undefined && body.length < 64;
}

/** Everything that the other customer's person is told of their own, to see that it stays. */
async function seenBy(
  of: Belongings,
  methods: readonly ContractMethod[],
  ask: Ask,
): Promise<string> {
  const by = person(of);
  const answers: string[] = [];
  for (const method of methods.filter(({ key }) => /^(get|list)/.test(key) && key !== "getUsage")) {
    if (!mayBeCalledBy(method, PrincipalKind.ACCOUNT)) continue;
    const answer = await ask({ by, method, names: namesOf(of) });
    answers.push(`${method.key} ${answer.code} ${answer.body?.toString("latin1") ?? ""}`);
  }
  return answers.join("\n");
}

interface Lines extends AsyncDisposable {
  readonly ask: Ask;
}

async function openLines({ listeners }: Stage): Promise<Lines> {
  const sessions: Record<string, ClientHttp2Session> = {};
  for (const kind of ["issuer", "activation", "seat-broker"] as const)
    sessions[kind] = await sessionTo(listeners[kind]);
  return {
    ask: async ({ by, method, names }) => {
      const session = sessions[method.kind];
      if (session === undefined) throw new Error(`no line to ${method.kind}`);
      const { requestType } = method.method;
      const request: object = ASKED[method.key]?.(names) ?? {};
      const empty = requestType.decode(new Uint8Array()) as object;
      const id = "requestId" in empty ? { requestId: requestId() } : {};
      const message = requestType.encode(requestType.fromPartial({ ...request, ...id })).finish();
      const headers = await by.headers(method.service.fullName);
      return call(session, {
        path: method.path,
        message,
        headers,
        first: method.method.responseStream,
      });
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of Object.values(sessions)) session.destroy();
    },
  };
}
