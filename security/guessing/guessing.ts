import { issuer } from "@leasehold/contracts";
import { systemRandom } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { client } from "@leasehold/rpc-client";
import { channelTo } from "../dial.ts";
import { Findings } from "../findings.ts";
import { FAILURES_PER_KEY, FAILURES_PER_NETWORK, type Stage } from "../stage.ts";
import { type Task, timeLeft } from "../task.ts";
import type { Claim } from "../unlocking.ts";
import type { Answer } from "../wire.ts";
import { type Belongings, requestId } from "../world.ts";
import { type Guesser, guesserAt, toldOf } from "./guesser.ts";
import { effectSize } from "./rank-test.ts";

const AT_A_TIME = 8;
const GUESSES = {
  quick: { perKey: 100, perNetwork: FAILURES_PER_NETWORK + 100 },
  long: { perKey: 2_000, perNetwork: FAILURES_PER_NETWORK + 3_000 },
} as const;
/** Probes of each cause. */
const PROBES = { quick: 24, long: 500 } as const;
/** A cause whose answers take so much longer, or shorter, is told by the clock. */
const GROSS_EFFECT = 0.95;
const REFILL_MS = 600_000;

/** Guessing of product keys from many addresses, and what refusals give away. */
export async function guessing(task: Task, stage: Stage, own: Belongings): Promise<Outcome> {
  const findings = new Findings(task.repeat, "forgedAccepted", "leaks", "crashes");
  const goesOn = timeLeft(task);
  const { perKey, perNetwork } = GUESSES[task.length];
  const key = await newKey(stage, own);
  await limited(
    {
      what: "one product key from many addresses",
      guesses: perKey,
      most: FAILURES_PER_KEY,
      addressOf: (at) => `127.77.${at % 5}.${1 + (at % 50)}`,
      claimOf: (at) => ({ product: own.product, productKey: key, licenseeName: `Ada ${at}` }),
    },
    { stage, goesOn, findings },
  );
  await limited(
    {
      what: "many product keys from one address",
      guesses: perNetwork,
      most: FAILURES_PER_NETWORK,
      addressOf: () => "127.78.0.1",
      claimOf: () => ({ product: own.product, productKey: newProductKey(systemRandom).text }),
    },
    { stage, goesOn, findings },
  );
  const maxTimingEffect = await enumeration({ task, stage, own, goesOn, findings });
  for (const mishap of stage.mishaps()) findings.found("crashes", mishap);
  const figures = { ...findings.figures, maxTimingEffect };
  const floors = {
    unlockGuesses: perKey + perNetwork,
    enumerationProbes: PROBES[task.length] * CAUSES.length,
  };
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

interface Limit {
  readonly what: string;
  readonly guesses: number;
  /** Failures that may be answered before all the others are turned away. */
  readonly most: number;
  addressOf(at: number): string;
  claimOf(at: number): Claim;
}

interface Ground {
  readonly stage: Stage;
  readonly goesOn: () => boolean;
  readonly findings: Findings;
}

/** Guesses until nothing is answered any more; more than the limit, and those on their way, must not be. */
async function limited(limit: Limit, { stage, goesOn, findings }: Ground): Promise<void> {
  using stack = new DisposableStack();
  const guessers = new Map<string, Guesser>();
  const begun = performance.now();
  let [at, refused] = [0, 0];
  const guess = async () => {
    while (at < limit.guesses && goesOn()) {
      const number = (at += 1);
      const address = limit.addressOf(number);
      const guesser = guessers.get(address) ?? stack.use(await guesserAt(stage, address));
      guessers.set(address, guesser);
      const { answer } = await guesser.try(limit.claimOf(number));
      findings.count("unlockGuesses");
      refused += judge(limit.what, answer, findings);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, guess));
  // What has come back meanwhile, and what was on its way when the limit was reached.
  const allowed = limit.most * (1 + (performance.now() - begun) / REFILL_MS) + AT_A_TIME;
  if (refused > allowed)
    findings.found(
      "leaks",
      `${limit.what}: ${refused} guesses were judged, ${Math.ceil(allowed)} may be`,
    );
  if (refused < Math.min(limit.most, limit.guesses) / 2)
    findings.found("crashes", `${limit.what}: only ${refused} guesses were judged at all`);
}

/** @returns 1 if the guess was judged */
function judge(what: string, answer: Answer, findings: Findings): number {
  if (answer.code === 0) findings.found("forgedAccepted", `${what}: a guess was right`);
  else if (answer.reason === "UNLOCK_REFUSED") return 1;
  else if (answer.reason === "RATE_LIMITED") findings.count("unlockGuesses.turnedAway");
  else findings.found("crashes", `${what}: ${toldOf(answer)}`);
  return 0;
}

async function newKey(stage: Stage, own: Belongings, revoked = false): Promise<string> {
  const { productKey, secret } = await stage.desk.issuer.createProductKey({
    requestId: requestId(),
    parent: own.license,
  });
  if (!revoked) return secret;
  await using channel = channelTo(stage.listeners.issuer);
  const metadata = () => ({ authorization: `Bearer ${stage.cluster.adminToken}` });
  await client(issuer.ProductKeyServiceDefinition, channel, { metadata }).revokeProductKey(
    issuer.RevokeProductKeyRequest.fromPartial({
      requestId: requestId(),
      name: productKey?.name ?? "",
      why: "lost",
    }),
  );
  return secret;
}

interface Keys {
  readonly product: string;
  readonly right: string;
  readonly revoked: string;
  readonly otherProduct: string;
}

/** Why a try may be refused: whoever tries must not learn which it was. */
const CAUSES: readonly (readonly [cause: string, claimOf: (keys: Keys) => Claim])[] = [
  ["unknown key", ({ product }) => ({ product, productKey: newProductKey(systemRandom).text })],
  ["revoked key", ({ product, revoked }) => ({ product, productKey: revoked })],
  ["other product", ({ right, otherProduct }) => ({ product: otherProduct, productKey: right })],
  ["no such product", ({ right }) => ({ product: "products/none", productKey: right })],
  ["other name", ({ product, right }) => ({ product, productKey: right, licenseeName: "Eve" })],
  [
    "other organization",
    ({ product, right }) => ({ product, productKey: right, licenseeOrganization: "Evil Ltd" }),
  ],
];

interface Enumeration extends Ground {
  readonly task: Task;
  readonly own: Belongings;
}

/** Probes of every cause, one after the other in turn. @returns the largest effect of a cause on time */
async function enumeration({ task, stage, own, goesOn, findings }: Enumeration): Promise<number> {
  const times = new Map<string, number[]>(CAUSES.map(([cause]) => [cause, []]));
  let keys: Keys | undefined;
  const told = new Map<string, string>();
  const { license: other } = await stage.desk.sell({
    seats: 1,
    features: [],
    leaseTimes: { validityMs: 60_000, graceMs: 10_000 },
  });
  for (let round = 0; round < PROBES[task.length] && goesOn(); round += 1) {
    // A key is good for a few failures; an address for more.
    if (round % 4 === 0 || keys === undefined)
      keys = {
        product: own.product,
        otherProduct: other.product,
        right: await newKey(stage, own),
        revoked: await newKey(stage, own, true),
      };
    using guesser = await guesserAt(stage, `127.79.${round % 250}.7`);
    for (const [cause, claimOf] of task.dice.shuffle(CAUSES)) {
      const { answer, ms } = await guesser.try(claimOf(keys));
      findings.count("enumerationProbes");
      times.get(cause)?.push(ms);
      told.set(cause, toldOf(answer));
    }
    const [one, ...more] = new Set(told.values());
    if (more.length > 0 || !one?.includes("UNLOCK_REFUSED"))
      findings.found("leaks", `refusals differ: ${JSON.stringify([...told])}`);
  }
  return largestEffect(times, findings);
}

function largestEffect(times: ReadonlyMap<string, readonly number[]>, findings: Findings): number {
  let largest = 0;
  for (const [cause, own] of times) {
    const others = [...times].filter(([name]) => name !== cause).flatMap(([, theirs]) => theirs);
    const effect = effectSize(own, others);
    largest = Math.max(largest, effect);
    if (effect > GROSS_EFFECT)
      findings.found(
        "leaks",
        `${cause} is told by the time that its refusal takes: effect ${effect}`,
      );
  }
  return Math.round(largest * 1_000) / 1_000;
}
