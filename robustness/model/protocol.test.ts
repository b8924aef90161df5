import { expect, test, vi } from "vitest";
import { KNOWN_GAPS } from "./known-gaps.ts";
import { ALL_RULES } from "./rules.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";
import { search } from "./search.ts";
import { MOST_STATES, tellFinding } from "./tell-finding.ts";

vi.setConfig({ testTimeout: 120_000 }); // a search takes as long as the machine is busy

test.each(Object.entries<Scenario>(SCENARIOS))(
  "the protocol keeps its promises in every history: %s",
  (name, { bounds, looksFor }) => {
    const finding = search(bounds, ALL_RULES, { looksFor, most: MOST_STATES });
    tellFinding(name, finding);
    expect(finding).toMatchObject({ found: undefined, exhausted: true });
    expect(finding.states).toBeGreaterThan(1_000);
  },
);

test.each(Object.entries(KNOWN_GAPS))(
  "what the protocol does not carry shows: %s",
  (name, { bounds, rules, looksFor }) => {
    const finding = search(bounds, rules, { looksFor, most: MOST_STATES });
    tellFinding(name, finding);
    expect(finding.found?.violation).toBe(looksFor[0]);
  },
);
