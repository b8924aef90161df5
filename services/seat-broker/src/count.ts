import type { Metrics } from "@leasehold/service-kit";
import type { DeclaredMetrics } from "./metrics.ts";
import type { GateStanding } from "./use-cases/acquire-gate.ts";
import type { BrokerCounts } from "./use-cases/broker-counts.ts";
import type { BatchOutcome } from "./use-cases/ports.ts";
import { type SurveyPorts, surveyPools } from "./use-cases/survey-pools.ts";

/** Counts into the metrics. */
export function brokerCounts(declared: DeclaredMetrics): BrokerCounts {
  const { acquires, granted, denials, renewalDuration, renewalLeases, tokensRefused } = declared;
  const waits = {
    yes: declared.waits.with({ offered: "yes" }),
    no: declared.waits.with({ offered: "no" }),
  };
  return {
    asked: (end) => {
      acquires[end.kind].add();
      if (end.kind === "granted") granted[end.overdraft ? "yes" : "no"].add();
      if (end.kind === "denied") denials[end.cause].add();
    },
    renewed: ({ leases, tookMs, outcomes }) => {
      renewalDuration.observe(tookMs / 1_000);
      renewalLeases.observe(leases);
      let decided = 0;
      for (const batch of outcomes) decided += countBatch(declared.renewals, batch);
      declared.renewals.undecided.add(leases - decided);
    },
    waited: (wasOffered, ms) => waits[wasOffered ? "yes" : "no"].observe(ms / 1_000),
    tokenRefused: () => tokensRefused.add(),
  };
}

/** @returns how many leases of the batch were decided */
function countBatch(
  renewals: DeclaredMetrics["renewals"],
  batch: BatchOutcome | undefined,
): number {
  if (batch?.kind !== "decided") return 0;
  for (const outcome of batch.outcomes) renewals[outcome].add();
  return batch.outcomes.length;
}

/** What is found out when metrics are read. */
export interface LookPorts extends SurveyPorts {
  readonly feed: { position(): Promise<bigint> };
  readonly gate: { standing(): GateStanding };
  readonly streams: { count(): number };
  readonly waiters: { count(): number };
}

/** Looks at what is not counted as it happens. What cannot be found out is not told. */
export function lookAtBroker(
  metrics: Metrics,
  declared: DeclaredMetrics,
  ports: LookPorts,
  stack: AsyncDisposableStack,
): void {
  stack.use(metrics.look(() => lookAtProcess(declared, ports)));
  stack.use(
    metrics.look(async () => {
      const { entitlements } = declared.position;
      entitlements.clear();
      entitlements.set(Number(await ports.feed.position()));
    }),
  );
  stack.use(metrics.look(() => lookAtPools(declared, ports)));
}

function lookAtProcess(declared: DeclaredMetrics, { gate, streams, waiters }: LookPorts): void {
  const { limit, underWay, queued, refused } = gate.standing();
  declared.gate.limit.set(limit);
  declared.gate["under-way"].set(underWay);
  declared.gate.queued.set(queued);
  declared.gateRefused.value = refused;
  declared.streams.set(streams.count());
  declared.waiters.set(waiters.count());
}

async function lookAtPools(declared: DeclaredMetrics, ports: SurveyPorts): Promise<void> {
  const { live, seats, queue, pools, surveyComplete, reclaimLag, backlog } = declared;
  const told = [live, seats, queue, ...Object.values(pools), surveyComplete, reclaimLag, backlog];
  for (const gauge of told) gauge.clear();
  const survey = await surveyPools(ports);
  live.set(survey.live);
  seats.set(survey.seats);
  queue.set(survey.waiting);
  pools["in-use"].set(survey.pools);
  pools.full.set(survey.full);
  pools.learning.set(survey.learning);
  pools.unset.set(survey.unset);
  surveyComplete.set(survey.isPartial ? 0 : 1);
  reclaimLag.set(survey.reclaimLagMs / 1_000);
  backlog.set(survey.backlog);
}
