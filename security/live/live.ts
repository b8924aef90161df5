import type { ClientHttp2Session } from "node:http2";
import { methodRule, PrincipalKind } from "@leasehold/contracts";
import type { Dice } from "@leasehold/robustness/dice";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { sessionTo } from "../dial.ts";
import { Findings } from "../findings.ts";
import { goodClient } from "../floods/good-calls.ts";
import { namesOf } from "../probes/asked.ts";
import { type ContractMethod, contractMethods } from "../protobuf/contract.ts";
import { mutant } from "../protobuf/mutate.ts";
import { type Knowledge, sampleBytes } from "../protobuf/sample.ts";
import { type Stage, STAGE_SERVICES, type StageService } from "../stage.ts";
import { type Task, timeLeft } from "../task.ts";
import { type Answer, call, NO_ANSWER, NOT_IN_TIME } from "../wire.ts";
import { type Belongings, requestId } from "../world.ts";
import { type LiveCaller, liveCallers } from "./callers.ts";

const CALLS = { quick: 3_000, long: 100_000 } as const;
const AT_A_TIME = 16;
const SAMPLES = 12;
const STREAM_LIMIT_MS = 1_000;
/** Of the cluster's own people: what they send in floods must not keep others from unlocking. */
const ADDRESS = "127.80.0.1";
const [OK, UNKNOWN, INTERNAL, UNAVAILABLE] = [0, 2, 13, 14];

/**
 * What ends more than it is called for: keys that everybody's certificates are signed with, and what
 * unlocks for everybody. Administrators' calls of these wait until nobody works beside any more.
 */
const LAST: ReadonlySet<string> = new Set([
  "rotateSigningKey",
  "revokeSigningKey",
  "retireKeyGeneration",
  "revokeLicense",
  "suspendLicense",
  "closeCustomer",
]);

/** One call to be made. */
interface LiveCall {
  readonly method: ContractMethod;
  readonly by: LiveCaller;
  readonly how: string;
  readonly message: Uint8Array;
}

/** Mutants of every request, over the wire, by everybody; and somebody works beside. */
export async function live(
  task: Task,
  stage: Stage,
  victim: Belongings,
  worker: Belongings,
): Promise<Outcome> {
  const findings = new Findings(task.repeat, "crashes", "forgedAccepted");
  const methods = await contractMethods();
  const callers = liveCallers(stage, victim);
  const source = callsOf(task.dice, methods, callers, knowledgeOf(victim));
  await using lines = await openLines(stage, task.dice);
  const goesOn = timeLeft(task);
  const over = new AbortController();
  await using good = goodClient(stage, worker);
  const working = good.work(over.signal);
  await makeCalls(source.most, CALLS[task.length], { lines, goesOn, findings });
  over.abort();
  const beside = await working;
  await makeCalls(source.last, CALLS[task.length] / 50, { lines, goesOn, findings });
  for (const mishap of stage.mishaps()) findings.found("crashes", mishap);
  for (const failure of beside.failures) findings.found("crashes", `beside: ${failure}`);
  const figures = { ...findings.figures, goodCallsBesideLive: beside.made };
  const floors = {
    liveCalls: CALLS[task.length],
    "liveCalls.ok": CALLS[task.length] / 200,
    "liveCalls.refused": CALLS[task.length] / 3,
    goodCallsBesideLive: 20,
  };
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

/** Names of what there is, for the fields that name something. */
function knowledgeOf(of: Belongings): Knowledge {
  const { lease: _, ...names } = namesOf(of);
  return {
    texts: {
      request_id: [requestId()],
      name: Object.values(names),
      parent: [names.customer, names.license, of.product],
      license: [names.license, names.resourceLicense],
      resource: [names.resource],
      installation: [names.installation],
      customer: [names.customer],
      account: [names.account],
      product: [of.product],
      product_key: [of.productKey],
    },
  };
}

function callsOf(
  dice: Dice,
  methods: readonly ContractMethod[],
  callers: readonly LiveCaller[],
  knowledge: Knowledge,
) {
  const samples = new Map(
    methods.map(({ path, input }) => [
      path,
      Array.from({ length: SAMPLES }, () => sampleBytes(input, dice, knowledge)),
    ]),
  );
  let at = 0;
  const callOf = (method: ContractMethod, by: LiveCaller): LiveCall => {
    const bytes = dice.pick(samples.get(method.path) ?? []);
    const { how, bytes: message } = dice.chance(0.3)
      ? { how: "as it is", bytes }
      : mutant(bytes, dice);
    return { method, by, how, message: message.subarray(0, 60 * 1024) };
  };
  const mayCall = ({ method }: ContractMethod, { kind }: LiveCaller) =>
    kind !== undefined && methodRule(method)?.principals.includes(kind) === true;
  return {
    most: (): LiveCall => {
      const method = methods[(at += 1) % methods.length] ?? dice.pick(methods);
      const allowed = callers.filter((caller) => mayCall(method, caller));
      const by = allowed.length > 0 && dice.chance(0.6) ? dice.pick(allowed) : dice.pick(callers);
      return LAST.has(method.key) && mayCall(method, by)
        ? callOf(method, callers[0] ?? by)
        : callOf(method, by);
    },
    last: (): LiveCall => {
      const method = dice.pick(methods.filter(({ key }) => LAST.has(key)));
      return callOf(method, dice.pick(callers.filter((caller) => mayCall(method, caller))));
    },
  };
}

interface Ground {
  readonly lines: Lines;
  readonly goesOn: () => boolean;
  readonly findings: Findings;
}

async function makeCalls(
  next: () => LiveCall,
  most: number,
  { lines, goesOn, findings }: Ground,
): Promise<void> {
  let made = 0;
  const calling = async () => {
    while (made < most && goesOn()) {
      made += 1;
      const asked = next();
      judge(asked, await lines.make(asked), findings);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, calling));
}

/** Counts what an answer was, and finds those that no caller may ever get. */
export function judge(
  { method, by, how, message }: LiveCall,
  answer: Answer,
  findings: Findings,
): void {
  const { code, reason } = answer;
  findings.count("liveCalls");
  const hex = Buffer.from(message.subarray(0, 300)).toString("hex");
  const told = `${method.path} by ${by.who}, ${how}, ${message.length} bytes ${hex}: ${code} ${reason} ${answer.message}`;
  // A stream that has nothing to tell yet stays open.
  if (isStream(method) && code === NO_ANSWER && answer.message === NOT_IN_TIME)
    findings.count("liveCalls.open");
  else if (code === INTERNAL || code === UNKNOWN || code === NO_ANSWER)
    findings.found("crashes", told);
  else if (code === UNAVAILABLE && reason === "") findings.found("crashes", told);
  else if (code !== OK) findings.count("liveCalls.refused");
  else {
    findings.count("liveCalls.ok");
    const principals = methodRule(method.method)?.principals ?? [];
    if (!principals.some((kind) => kind === by.kind) && !principals.includes(PrincipalKind.ANYONE))
      findings.found("forgedAccepted", told);
  }
}

function isStream({ method }: ContractMethod): boolean {
  return method.requestStream || method.responseStream;
}

interface Lines extends AsyncDisposable {
  make(asked: LiveCall): Promise<Answer>;
}

/** A connection to each service, made anew when a service closed it, as it may over a bad frame. */
async function openLines(stage: Stage, dice: Dice): Promise<Lines> {
  const sessions = new Map<StageService, ClientHttp2Session>();
  const lineTo = async (service: StageService) => {
    const known = sessions.get(service);
    if (known && !known.closed && !known.destroyed) return known;
    const session = await sessionTo(stage.listeners[service], ADDRESS);
    sessions.set(service, session);
    return session;
  };
  for (const service of STAGE_SERVICES) await lineTo(service);
  let second = false;
  return {
    make: async ({ method, by, message }) => {
      second = !second;
      const service = method.kind === "seat-broker" && second ? "seat-broker-2" : method.kind;
      const headers = await by.headers(method.service.fullName, dice);
      const stream = isStream(method) ? { first: true, limitMs: STREAM_LIMIT_MS } : {};
      return call(await lineTo(service), { path: method.path, message, headers, ...stream });
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions.values()) session.destroy();
    },
  };
}
