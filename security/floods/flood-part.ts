import { activation, issuer, seatBroker } from "@leasehold/contracts";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { Findings } from "../findings.ts";
import { peakRssMiB } from "../processes.ts";
import { type Stage, STAGE_SERVICES, type StageService } from "../stage.ts";
import { type Task, timeLeft } from "../task.ts";
import type { Belongings } from "../world.ts";
import { type Flooder, startFlooder } from "./flood-run.ts";
import { FLOODS } from "./floods.ts";
import { type GoodCalls, type GoodClient, goodClient } from "./good-calls.ts";

const LASTS_MS = { quick: 1_200, long: 20_000 } as const;
/** Good calls beside one flood: fewer prove nothing. */
const LEAST_GOOD_CALLS = { quick: 10, long: 200 } as const;
/** Of good calls beside one flood; beside all of them together it is more. */
const LEAST_SHARE = 0.9;

/** Whom floods are aimed at, and by which method: of callers without credentials where there is one. */
const AIMS: readonly (readonly [StageService, string])[] = [
  ["activation", `/${activation.ActivationServiceDefinition.fullName}/CreateChallenge`],
  ["seat-broker", `/${seatBroker.SeatBrokerServiceDefinition.fullName}/AcquireSeat`],
  ["issuer", `/${issuer.RegistrationServiceDefinition.fullName}/ListIdentityProviders`],
];

/** Floods of frames, one after the other, while somebody works; in a long run each of every service. */
export async function floods(task: Task, stage: Stage, own: Belongings): Promise<Outcome> {
  const findings = new Findings(task.repeat, "crashes");
  await using good = goodClient(stage, own);
  await using flooder = startFlooder();
  const goesOn = timeLeft(task);
  const before = await calm(good, LASTS_MS[task.length]);
  let [made, failed] = [0, 0];
  for (const [at, flood] of Object.keys(FLOODS).entries()) {
    const first = (at + task.dice.pick([0, 1, 2])) % AIMS.length;
    const aims = task.length === "long" ? AIMS : AIMS.slice(first, first + 1);
    for (const [service, path] of aims) {
      if (!goesOn()) break;
      const beside = await under(good, { flood, service, path, task, stage, flooder }, findings);
      made += beside.made;
      failed += beside.failures.length;
      tell({ flood, service, ...beside }, task, findings);
    }
  }
  // A service that is gone is among the mishaps.
  const rss = await Promise.all(
    STAGE_SERVICES.map((service) => peakRssMiB(stage.pids[service]).catch(() => 0)),
  );
  for (const mishap of stage.mishaps()) findings.found("crashes", mishap);
  const figures = {
    ...findings.figures,
    goodCallsInCalm: before,
    goodCallsUnderFlood: made,
    goodCallShareUnderFlood: made === 0 ? 0 : Math.floor((1 - failed / made) * 10_000) / 10_000,
    maxRssMiB: Math.max(...rss),
  };
  const floors = {
    floods: Object.keys(FLOODS).length,
    ...Object.fromEntries(Object.keys(FLOODS).map((name) => [`floods.${name}`, 20])),
  };
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

/** How many good calls there are when nobody floods. */
async function calm(good: GoodClient, lastsMs: number): Promise<number> {
  const { made, failures } = await good.work(AbortSignal.timeout(lastsMs));
  if (failures.length > 0) throw new Error(`good calls fail in calm: ${failures[0]}`);
  return made;
}

interface Under {
  readonly flood: string;
  readonly service: StageService;
  readonly path: string;
  readonly task: Task;
  readonly stage: Stage;
  readonly flooder: Flooder;
}

async function under(
  good: GoodClient,
  { flood, service, path, task, stage, flooder }: Under,
  findings: Findings,
): Promise<GoodCalls> {
  const over = new AbortController();
  const lastsMs = LASTS_MS[task.length];
  const flooding = flooder
    .run({ flood, listener: stage.listeners[service], path, lastsMs })
    .finally(() => over.abort());
  const [beside, done] = await Promise.all([good.work(over.signal), flooding]);
  findings.count("floods");
  findings.count("frames", done.sent);
  findings.count(`floods.${flood}`, done.sent);
  findings.count("floodConnections", done.connections);
  const rss = await peakRssMiB(stage.pids[service]).catch(() => 0);
  if (rss === 0) findings.found("crashes", `${service} is gone under ${flood}`);
  task.say(
    `${flood} at ${service}: ${done.sent} sent on ${done.connections} connections, ${done.closed} closed; ` +
      `${beside.made} good calls, ${beside.failures.length} failed; ${rss} MiB at most`,
  );
  return beside;
}

function tell(
  beside: {
    readonly flood: string;
    readonly service: string;
    readonly made: number;
    readonly failures: readonly string[];
  },
  { length }: Task,
  findings: Findings,
): void {
  const { flood, service, made, failures } = beside;
  if (made < LEAST_GOOD_CALLS[length])
    findings.found("floodsWithFewGoodCalls", `${made} under ${flood} at ${service}`);
  if (made > 0 && 1 - failures.length / made < LEAST_SHARE)
    findings.found(
      "floodsFelt",
      `${flood} at ${service}, ${failures.length} of ${made}: ${failures[0]}`,
    );
}
