import { readdirSync, readFileSync } from "node:fs";
import { startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { namesIn, scrapeText } from "../../../e2e/metrics/scrape.ts";

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const folder = (name: string) => new URL(`../${name}/`, import.meta.url);
const RUNBOOKS = "docs/operations/runbooks";

const rules = readdirSync(folder("rules")).flatMap((name) => {
  const file = parse(readFileSync(new URL(name, folder("rules")), "utf8")) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  return file.groups.flatMap((group) => group.rules);
});
const alerts = rules.filter((rule) => rule.alert !== undefined);
const dashboards = readdirSync(folder("dashboards")).map((name) => ({
  name,
  board: JSON.parse(readFileSync(new URL(name, folder("dashboards")), "utf8")) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  },
}));
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...dashboards.flatMap(({ board }) =>
    board.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ),
];

/** Metrics of ours and of the runtime, and what rules record; functions and labels have other forms. */
function metricsOf(expression: string): readonly string[] {
  const bare = expression.replaceAll(/\{[^}]*\}/g, "");
  return bare.match(/\b(?:leasehold[_:]|process_|nodejs_)[\w:]*/g) ?? [];
}

const stack = new AsyncDisposableStack();
let exposed: ReadonlySet<string>;

beforeAll(async () => {
  const cluster = stack.use(await startCluster());
  const texts = await Promise.all(Array.from(cluster.metricsUrls.values(), scrapeText));
  exposed = new Set(texts.flatMap((text) => [...namesIn(text)]));
}, 120_000);

afterAll(() => stack.disposeAsync());

test("every expression of rules and dashboards names only what a running cluster exposes", () => {
  const recorded = new Set(rules.map(({ record }) => record));
  const named = [...new Set(expressions.flatMap(metricsOf))];
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !exposed.has(name) && !recorded.has(name))).toEqual([]);
});

test("every expression names a metric, or whether Prometheus reaches a service", () => {
  const without = expressions.filter((expression) => metricsOf(expression).length === 0);
  expect(without.filter((expression) => !expression.startsWith("up{"))).toEqual([]);
});

test("every alert has a runbook, and every runbook an alert", () => {
  const names = [...new Set(alerts.map(({ alert }) => `${alert}.md`))].sort();
  expect(readdirSync(RUNBOOKS).sort()).toEqual(names);
  for (const { alert, labels, annotations } of alerts) {
    expect(annotations?.["runbook"]).toBe(`${RUNBOOKS}/${alert}.md`);
    expect(["page", "ticket", "info"]).toContain(labels?.["severity"]);
  }
});

test("every runbook tells what it means, how to see the cause and what to do", () => {
  for (const name of readdirSync(RUNBOOKS)) {
    const text = readFileSync(`${RUNBOOKS}/${name}`, "utf8");
    expect(text).toMatch(/## What it means[^]+## How to see the cause[^]+## What to do/);
  }
});

test("every metric that the documentation has is exposed, and none is exposed that it has not", () => {
  const table = readFileSync("docs/telemetry.md", "utf8").matchAll(
    /^\| `(\w+)` +\| (counter|gauge|histogram) /gm,
  );
  const documented = new Set(
    Array.from(table, ([, name = "", kind]) => (kind === "histogram" ? `${name}_count` : name)),
  );
  const shown = [...exposed].filter((name) => !/_(bucket|sum)$/.test(name));
  expect([...documented].toSorted()).toEqual(shown.toSorted());
});
