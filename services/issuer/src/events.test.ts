import type { LogFacts } from "@leasehold/service-kit";
import { expect, test } from "vitest";
import { reportTo } from "./events.ts";
import type { IssuerEvent } from "./use-cases/issuer-event.ts";

const EVENTS: readonly IssuerEvent[] = [
  { kind: "carried-out", method: "IssueLicense", subject: "ada", resource: "licenses/l" },
  {
    kind: "certificates-issued",
    license: "licenses/l",
    revision: 3n,
    installation: "installations/i",
  },
];

test.each(EVENTS)("$kind is one line of the log, which JSON can hold", (event) => {
  const lines: LogFacts[] = [];
  const write = (facts: LogFacts) => void lines.push(facts);
  reportTo({ debug: write, info: write, warn: write, error: write })(event);
  expect(lines).toHaveLength(1);
  const { kind, ...facts } = event;
  const texts = Object.entries(facts).map(([name, value]) => [name, String(value)]);
  expect(JSON.parse(JSON.stringify(lines[0]))).toEqual({
    event: kind,
    ...Object.fromEntries(texts),
  });
});
