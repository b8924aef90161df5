import { type activation, issuer, LicenseState, SharingPolicy } from "@leasehold/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { issuedLicense, issuedTerms, POLICY } from "./issued.ts";
import { logged, type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshKey } from "./unlock-requests.ts";
import { unlockedInstallation } from "./unlocked-installation.ts";

let running: RunningActivation;

beforeEach(async () => {
  running = await runningActivation();
});
afterEach(() => running[Symbol.asyncDispose]());

const NO_POLICY = {
  sharing: SharingPolicy.UNSPECIFIED,
  overdraft: 0,
  offlineDays: 0,
  groups: [],
  includeGroups: [],
  excludeGroups: [],
};

type Message = activation.WatchEntitlementsResponse;

/** Reads the feed until a message is the one; the stream is then closed. */
async function read(
  after: bigint,
  until: (message: Message, messages: readonly Message[]) => boolean,
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  const request = { afterFeedRevision: after };
  for await (const message of running.broker.watchEntitlements(request)) {
    messages.push(message);
    if (until(message, messages)) return messages;
  }
  return expect.unreachable("the stream ended");
}

const revisionOf = ({ step }: Message, name: string): bigint | undefined =>
  step?.$case === "entitlement" && step.value.license === `customers/acme/licenses/${name}`
    ? step.value.revision
    : undefined;
const positionAt = (head: bigint) => (message: Message) =>
  message.step === undefined && message.feedRevision >= head;
const kinds = (messages: readonly Message[]) =>
  messages.map(({ step, feedRevision }) => [step?.$case ?? "position", feedRevision]);

test("what the product tells goes along with its license", async () => {
  const versionPolicy = {
    supported: { oldest: "4", newest: "" },
    tolerance: issuer.VersionTolerance.SAME_MAJOR,
  };
  running.issuer.productFacts.set("products/studio", { revision: 7n, versionPolicy });
  running.issuer.put(issuedLicense("one", 1n));
  const messages = await read(0n, positionAt(1n));
  const facts = messages.flatMap(({ step }) =>
    step?.$case === "entitlement" ? [step.value.productFacts] : [],
  );
  expect(facts).toEqual([{ revision: 7n, versionPolicy }]);
});

test("a watcher gets the trust bundle, then every license, then where the feed stands", async () => {
  running.issuer.put(issuedLicense("one", 1n));
  running.issuer.put(issuedLicense("two", 4n, { state: LicenseState.SUSPENDED }));
  const messages = await read(0n, positionAt(2n));
  expect(messages[0]?.step?.$case).toBe("trustBundle");
  const entitlements = messages.flatMap(({ step }) =>
    step?.$case === "entitlement" ? [step.value] : [],
  );
  expect(entitlements).toMatchObject([
    { license: "customers/acme/licenses/one", revision: 1n, state: LicenseState.ACTIVE },
    { license: "customers/acme/licenses/two", revision: 4n, state: LicenseState.SUSPENDED },
  ]);
  expect(entitlements[0]).toMatchObject({
    product: "products/studio",
    terms: {
      ...issuedLicense("one", 1n).terms,
      leaseTimes: { validity: { seconds: 45n }, grace: { seconds: 10n } },
      seatPolicy: NO_POLICY,
    },
  });
});

test("a seat policy and the seats of features reach a watcher as the issuer told them", async () => {
  const features = [
    { feature: "dataflow", limit: undefined, seats: 0 },
    { feature: "diagrams", limit: 200n, seats: 1_000_000 },
    { feature: "workflow", limit: undefined, seats: undefined },
  ];
  const terms = issuedTerms({ features, seatPolicy: POLICY });
  running.issuer.put(issuedLicense("one", 1n, { terms }));
  running.issuer.put(issuedLicense("two", 1n));
  const policies = (await read(0n, positionAt(2n))).flatMap(({ step }) =>
    step?.$case === "entitlement" ? [step.value.terms] : [],
  );
  expect(policies).toMatchObject([{ features, seatPolicy: POLICY }, { seatPolicy: NO_POLICY }]);
  running.issuer.put(issuedLicense("one", 2n, { terms: issuedTerms() }));
  const changed = (await read(2n, positionAt(3n))).find((message) => revisionOf(message, "one"));
  expect(changed?.step?.value).toMatchObject({ terms: { seatPolicy: NO_POLICY } });
});

test("a change is pushed to a watcher that has everything", async () => {
  running.issuer.put(issuedLicense("one", 1n));
  const messages = await read(0n, (message) => {
    if (positionAt(1n)(message) && message.feedRevision === 1n)
      running.issuer.put(issuedLicense("one", 2n, { state: LicenseState.REVOKED }));
    return revisionOf(message, "one") === 2n;
  });
  expect(messages.at(-1)?.feedRevision).toBe(2n);
});

test("a watcher that resumes gets only what changed since", async () => {
  for (const name of ["one", "two", "three"]) running.issuer.put(issuedLicense(name, 1n));
  await read(0n, positionAt(3n));
  running.issuer.put(issuedLicense("one", 2n));
  const steps = kinds(await read(3n, positionAt(4n))).filter(([kind]) => kind !== "position");
  expect(steps).toEqual([
    ["trustBundle", 3n],
    ["entitlement", 4n],
  ]);
});

test("a watcher that breaks off anywhere and resumes ends up with the last revision of every license", async () => {
  const names = Array.from({ length: 30 }, (_, n) => `l${n}`);
  const known = new Map<string, bigint>();
  let position = 0n;
  for (let round = 1n; round <= 8n; round++) {
    for (const name of names) running.issuer.put(issuedLicense(name, round));
    // Fewer than there are to come: all thirty changed since the last round.
    let left = Number(round) * 3;
    const messages = await read(position, () => --left === 0);
    for (const message of messages) {
      expect(message.feedRevision).toBeGreaterThanOrEqual(position);
      position = message.feedRevision;
      for (const name of names) {
        const revision = revisionOf(message, name);
        if (revision !== undefined) known.set(name, revision);
      }
    }
  }
  const done = (messages: readonly Message[]) => {
    for (const message of messages)
      for (const name of names) {
        const revision = revisionOf(message, name);
        if (revision !== undefined) known.set(name, revision);
      }
    return names.every((name) => known.get(name) === 8n);
  };
  await read(position, (_, messages) => done(messages));
  expect([...known.values()]).toEqual(names.map(() => 8n));
});

test("licenses that change while the service is down are there when it is back", async () => {
  running.issuer.put(issuedLicense("one", 1n));
  await read(0n, positionAt(1n));
  await running.stopIssuer();
  running.issuer.put(issuedLicense("one", 2n));
  running.issuer.put(issuedLicense("two", 1n));
  await running.restart();
  await running.startIssuer();
  const messages = await read(1n, positionAt(3n));
  expect(messages.map((message) => revisionOf(message, "one"))).toContain(2n);
  expect(messages.map((message) => revisionOf(message, "two"))).toContain(1n);
  expect(running.log).toContainEqual({
    level: "info",
    message: "following the issuer",
    facts: { afterFeedRevision: 1n },
  });
});

test("watchers are served while the issuer is away, and get on when it is back", async () => {
  running.issuer.put(issuedLicense("one", 1n));
  await read(0n, positionAt(1n));
  await running.stopIssuer();
  await vi.waitFor(() => expect(running.log).toContainEqual(logged("issuer not followed")), {
    timeout: 10_000,
  });
  expect(kinds(await read(0n, positionAt(1n)))).toEqual([
    ["trustBundle", 0n],
    ["entitlement", 1n],
    ["position", 1n],
  ]);
  running.issuer.put(issuedLicense("one", 2n));
  await running.startIssuer();
  await read(1n, (message) => revisionOf(message, "one") === 2n);
});

test("a newer trust bundle reaches open streams once the issuer is connected again", async () => {
  const tokens: string[] = [];
  await read(0n, ({ step }) => {
    if (step?.$case === "trustBundle") tokens.push(step.value);
    else if (tokens.length === 1 && running.issuer.trustVersion === 1) {
      running.issuer.trustVersion = 2;
      void running.stopIssuer().then(() => running.startIssuer());
    }
    return tokens.length === 2;
  });
  expect(tokens[1]).not.toBe(tokens[0]);
});

test("installations are known after a restart with the issuer away", async () => {
  const key = freshKey();
  running.issuer.put(issuedLicense("one", 1n), key.data);
  const { installation, credentials } = await unlockedInstallation(running, key.text);
  await running.stopIssuer();
  await running.restart();
  const own = running.client(credentials);
  expect(await own.getInstallation({ name: installation.name })).toEqual({ installation });
});

test("a service that never reached its issuer serves a watcher as soon as it does", async () => {
  await using late = await runningActivation({ withIssuer: false });
  await vi.waitFor(() => expect(late.log).toContainEqual(logged("issuer not followed")), {
    timeout: 10_000,
  });
  late.issuer.put(issuedLicense("one", 1n));
  const first = late.broker.watchEntitlements({ afterFeedRevision: 0n })[Symbol.asyncIterator]();
  const message = first.next();
  await late.startIssuer();
  expect(await message).toMatchObject({ value: { step: { $case: "trustBundle" } } });
  await first.return?.();
});

test("only a service with the permission may watch", async () => {
  const watched = (client: RunningActivation["anyone"]) =>
    Array.fromAsync(client.watchEntitlements({ afterFeedRevision: 0n }));
  await expect(watched(running.anyone)).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
  await expect(watched(running.desk)).rejects.toMatchObject({ reason: "PERMISSION_DENIED" });
});

test("a negative point of the feed is refused", async () => {
  const watched = Array.fromAsync(running.broker.watchEntitlements({ afterFeedRevision: -1n }));
  await expect(watched).rejects.toMatchObject({ reason: "INVALID_REQUEST" });
});
