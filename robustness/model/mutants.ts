import type { Rule } from "./rules.ts";
import type { ScenarioName } from "./scenarios.ts";

/** For each rule, where it shows that it is needed. */
export const NEEDED_IN = {
  fence: "split brain, nothing to spare",
  learning: "keys are lost, twice",
  learningForSpan: "split brain",
  minReplicas: "split brain",
  grace: "messages late, lost and twice, a slow clock",
  explicitSetUp: "keys are lost, twice",
  sentinel: "keys are lost, twice",
  incarnation: "redis restarts, with old data perhaps",
  freshEpoch: "set-ups race",
  setUpWindow: "set-ups race",
  newestDataOnly: "keys of an earlier incarnation are put back",
  tokenExpiry: "keys are lost, messages late",
  countConfirmed: "redis restarts, with old data perhaps",
  copiesProveNothing: "split brain, acquires repeated and cancelled",
  expiryIsFinal: "messages late, lost and twice, a slow clock",
  tombstones: "messages late, lost and twice, a slow clock",
  reapAfterLearning: "split brain, messages late",
  settling: "a large clock step",
  newestTerms: "seats lowered and raised",
  suspensionFreesNothing: "suspended and resumed",
  deadlineFromSending: "messages late, lost and twice, a slow clock",
  stopBeforeRelease: "messages late, lost and twice, a slow clock",
} as const satisfies Record<Rule, ScenarioName>;
