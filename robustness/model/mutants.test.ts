import { expect, test, vi } from "vitest";
import { NEEDED_IN } from "./mutants.ts";
import { ALL_RULES, type Rule, without } from "./rules.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";
import { search } from "./search.ts";
import { MOST_STATES, tellFinding } from "./tell-finding.ts";

vi.setConfig({ testTimeout: 120_000 }); // a search takes as long as the machine is busy

/** Steps of the shortest history that breaks a promise. */
const SHORTEST: Readonly<Record<Rule, readonly [string, number]>> = {
  fence: ["holder-refused", 9],
  learning: ["holder-refused", 6],
  learningForSpan: ["holder-refused", 9],
  minReplicas: ["fence-fell", 10],
  grace: ["holder-refused", 8],
  explicitSetUp: ["holder-refused", 6],
  sentinel: ["holder-refused", 6],
  incarnation: ["holder-refused", 7],
  freshEpoch: ["holder-refused", 10],
  setUpWindow: ["fence-fell", 11],
  newestDataOnly: ["holder-refused", 12],
  tokenExpiry: ["holder-refused", 15],
  emptied: ["holder-refused", 12],
  roomIsBound: ["overbooked", 19],
  expiryIsFinal: ["overbooked", 11],
  tombstones: ["revived", 4],
  newestTerms: ["too-many", 12],
  roomForAll: ["holder-refused", 12],
  roomUntilFewEnough: ["holder-refused", 14],
  suspensionFreesNothing: ["holder-refused", 7],
  deadlineFromSending: ["holder-refused", 8],
  stopBeforeRelease: ["holder-refused", 7],
  estimate: ["holder-refused", 7],
  trustAnew: ["holder-refused", 6],
  vouching: ["holder-refused", 6],
  noFurtherThanExpected: ["holder-refused", 10],
  peak: ["holder-refused", 7],
  clockIsWatched: ["holder-refused", 15],
  ageVouchedFor: ["holder-refused", 7],
  tokensOutliveSteps: ["holder-refused", 8],
  revokedIsFinal: ["taken-back-renewed", 7],
  revocationFreesNothing: ["too-many", 8],
  revocationsLast: ["taken-back-renewed", 10],
  borrowsLast: ["holder-refused", 11],
  restoredFirst: ["taken-back-renewed", 8],
  restoredInItsEpoch: ["taken-back-renewed", 15],
  borrowedInItsEpoch: ["holder-refused", 14],
};

test.each(Object.keys(ALL_RULES) as Rule[])("the protocol needs its rule: %s", (rule) => {
  const { bounds, looksFor }: Scenario = SCENARIOS[NEEDED_IN[rule]];
  const finding = search(bounds, without(rule), { looksFor, most: MOST_STATES });
  tellFinding(`without ${rule}`, finding);
  const { violation, history = [] } = finding.found ?? {};
  expect([violation, history.length]).toEqual(SHORTEST[rule]);
});

/** Without these more seats are relied on than there are. */
const FOR_THE_CAP: readonly Rule[] = [
  "fence",
  "learning",
  "learningForSpan",
  "minReplicas",
  "grace",
  "explicitSetUp",
  "sentinel",
  "incarnation",
  "freshEpoch",
  "setUpWindow",
  "newestDataOnly",
  "newestTerms",
  "suspensionFreesNothing",
  "deadlineFromSending",
  "stopBeforeRelease",
  "estimate",
  "trustAnew",
  "vouching",
  "noFurtherThanExpected",
  "peak",
  "clockIsWatched",
  "ageVouchedFor",
  "revocationFreesNothing",
  "borrowsLast",
  "borrowedInItsEpoch",
];

test.each(FOR_THE_CAP)("without its rule the protocol exceeds the capacity: %s", (rule) => {
  const { bounds }: Scenario = SCENARIOS[NEEDED_IN[rule]];
  const finding = search(bounds, without(rule), { looksFor: ["too-many"], most: MOST_STATES });
  tellFinding(`without ${rule}, the capacity`, finding);
  expect(finding.found?.violation).toBe("too-many");
});
