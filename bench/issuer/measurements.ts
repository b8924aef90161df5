import { issuer } from "@leasehold/contracts";
import { spreadOf } from "../percentiles.ts";
import type { LoneIssuer } from "./lone-issuer.ts";
import { addKeys, addLicenses, issue, requestId, type Stock, unlock } from "./stock.ts";

/** What was measured, under names that tell the unit. */
export type Figures = Readonly<Record<string, number>>;

const MEMORY_EVERY_MS = 50;
const PAGE = 500;

/** Licenses issued a second, each in a transaction of its own. */
export async function measureIssuing(
  { admin, customer }: Stock,
  count: number,
  inFlight: number,
): Promise<Figures> {
  const took = await timed(count, inFlight, () => issue(admin, customer));
  return { issuedPerSecond: took.perSecond, issueP50Ms: took.p50, issueP99Ms: took.p99 };
}

/** Keys found a second among many that nobody has. A key that is not found throws. */
export async function measureKeyLookUps(
  bench: LoneIssuer,
  { license }: Stock,
  {
    keys,
    real,
    inFlight,
  }: { readonly keys: number; readonly real: number; readonly inFlight: number },
): Promise<Figures> {
  const secrets: string[] = [];
  const desk = bench.client(issuer.ProductKeyServiceDefinition, "administrator");
  const begun = performance.now();
  const request = { requestId: requestId(), parent: license, count: real };
  for await (const answer of desk.generateProductKeys(request))
    secrets.push(...answer.keys.map(({ secret }) => secret));
  const generatedMs = performance.now() - begun;
  await addKeys(bench, license, keys);
  const service = bench.client(issuer.IssuerServiceDefinition, "service");
  const took = await timed(secrets.length, inFlight, (turn) =>
    unlock(service, secrets[turn] ?? ""),
  );
  return {
    keysGeneratedPerSecond: Math.round((1_000 * real) / generatedMs),
    keyLookUpsPerSecond: took.perSecond,
    keyLookUpP50Ms: took.p50,
    keyLookUpP99Ms: took.p99,
  };
}

/** How fast a watcher that has nothing catches up, and what the issuer's memory is at most meanwhile. */
export async function measureWatch(
  bench: LoneIssuer,
  { license }: Stock,
  licenses: number,
): Promise<Figures> {
  await addLicenses(bench, license, licenses);
  const service = bench.client(issuer.IssuerServiceDefinition, "service");
  const before = await bench.memory();
  using memory = watchMemory(bench);
  const begun = performance.now();
  let received = 0;
  for await (const step of service.watchLicenses({ afterFeedRevision: 0n })) {
    if (!step.license) break;
    received += 1;
  }
  const tookMs = performance.now() - begun;
  return {
    watchedLicenses: received,
    watchedPerSecond: Math.round((1_000 * received) / tookMs),
    memoryBeforeMiB: mebibytes(before),
    memoryMostMiB: mebibytes(Math.max(before, memory.most())),
  };
}

/** The list of the licenses of all customers. */
export function listOfLicenses(bench: LoneIssuer): ListPage {
  const desk = bench.client(issuer.LicenseServiceDefinition, "administrator");
  return (pageToken) => desk.listLicenses({ parent: "customers/-", pageSize: PAGE, pageToken });
}

/** A page of a list. */
type ListPage = (pageToken: string) => Promise<{ readonly nextPageToken: string }>;

/** How long a page takes at the front of a list, and behind so many others; each asked for several times. */
export async function measureDepth(list: ListPage, depth: number): Promise<Figures> {
  const first = await pageMs(list, "");
  let token = "";
  for (let passed = 0; passed < depth; passed += PAGE) token = (await list(token)).nextPageToken;
  if (token === "") throw new Error(`the list is shorter than ${depth}`);
  const deep = await pageMs(list, token);
  return { firstPageP50Ms: first.p50, deepPageP50Ms: deep.p50, deepPageP99Ms: deep.p99 };
}

async function pageMs(list: ListPage, token: string) {
  return timed(50, 1, () => list(token));
}

/** Does something so many times, a few at a time. The spread is of single times, in milliseconds. */
async function timed(count: number, inFlight: number, work: (turn: number) => Promise<unknown>) {
  const samples: number[] = [];
  let turns = 0;
  const begun = performance.now();
  const worker = async () => {
    while (turns < count) {
      const turn = turns++;
      const from = performance.now();
      await work(turn);
      samples.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const perSecond = Math.round((1_000 * count) / (performance.now() - begun));
  return { perSecond, ...spreadOf(samples) };
}

function watchMemory(bench: LoneIssuer): Disposable & { most(): number } {
  let most = 0;
  const timer = setInterval(() => {
    void bench.memory().then((bytes) => (most = Math.max(most, bytes)));
  }, MEMORY_EVERY_MS);
  return { most: () => most, [Symbol.dispose]: () => clearInterval(timer) };
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
