import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { refreshInstallation } from "@leasehold/client";
import { activation, issuer, seatBroker } from "@leasehold/contracts";
import { signIn } from "@leasehold/dev-provider";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LICENSEE, type Sold } from "./desk/licensing-desk.ts";
import { scrapeText } from "./metrics/scrape.ts";
import { bytesCanary, type Canary, found, textCanary } from "./secrets/canary.ts";
import { ErrorReplies } from "./secrets/error-replies.ts";
import { fileCanaries } from "./secrets/file-canaries.ts";
import { listeningAt, processFacts } from "./secrets/service-processes.ts";
import { CarelessClient } from "./site/careless-client.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";
import { OtlpReceiver } from "./traces/otlp-receiver.ts";

const SALE = {
  seats: 3,
  features: ["dataflow"],
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
} as const;
const SERVICES = ["issuer", "activation", "seat-broker"] as const;
const BOB = "bob@analytical.example";
const DEBUG = {
  issuer: { ISSUER_LOG_LEVEL: "debug" },
  activation: { ACTIVATION_LOG_LEVEL: "debug" },
  "seat-broker": { SEAT_BROKER_LOG_LEVEL: "debug" },
} as const;

const stack = new AsyncDisposableStack();
const canaries: Canary[] = [];
const replies = new ErrorReplies();
let receiver: OtlpReceiver;
let story: Story;
let channels: Record<(typeof SERVICES)[number], Channel>;
let sold: Sold;
let machine: Machine;

beforeAll(async () => {
  receiver = stack.use(await OtlpReceiver.start());
  const options = { otlpEndpoint: receiver.endpoint, signIn: true, environment: DEBUG };
  story = stack.use(await openStory(options));
  const { addresses, adminTokenFile } = story.cluster;
  channels = {
    issuer: stack.use(story.cluster.connect(addresses.issuer, { services: [] })),
    activation: stack.use(story.cluster.connect(addresses.activation, { services: [] })),
    "seat-broker": stack.use(story.cluster.connect(addresses.seatBroker, { services: [] })),
  };
  canaries.push(...(await fileCanaries(dirname(adminTokenFile))));
}, 120_000);

afterAll(() => stack.disposeAsync());

const requestId = (): string => newUuid(systemClock, systemRandom);
const bearing = (secret: string) => ({
  metadata: () => ({ authorization: `Bearer ${secret}` }),
});
const careless = () =>
  new CarelessClient(
    machine.installation,
    story.cluster.connect(story.cluster.addresses.seatBroker),
  );
const desk = (secret = story.cluster.adminToken) => ({
  issuer: client(issuer.IssuerServiceDefinition, channels.issuer, bearing(secret)),
  keys: client(issuer.ProductKeyServiceDefinition, channels.issuer, bearing(secret)),
  accounts: client(issuer.AccountServiceDefinition, channels.issuer, bearing(secret)),
  self: client(issuer.RegistrationServiceDefinition, channels.issuer, bearing(secret)),
  licenses: client(issuer.LicenseServiceDefinition, channels.issuer, bearing(secret)),
  installations: client(
    activation.ActivationServiceDefinition,
    channels.activation,
    bearing(secret),
  ),
  seats: client(seatBroker.SeatBrokerServiceDefinition, channels["seat-broker"], bearing(secret)),
});

/** Nothing of what is looked for may be a word that is there anyway. */
test("the cluster's own secrets are among the canaries, each in many spellings", () => {
  expect(canaries.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "admin-token",
      "key-encryption-key",
      "pepper",
      "trust-root-key",
      "lease-token-keys",
      "lease-key",
      "challenge-keys",
      "seal-keys",
      "activation-service-token",
      "seat-broker-service-token",
      "issuer-database-password",
      "activation-database-password",
      "seat-broker-database-password",
    ]),
  );
  for (const { spellings } of canaries) expect(spellings.length).toBeGreaterThan(6);
});

test.each([
  ["as it is", (secret: string) => `say ${secret} there`],
  ["its beginning alone", (secret: string) => secret.slice(0, 12)],
  ["in base64", (secret: string) => Buffer.from(`Bearer ${secret}`).toString("base64")],
  [
    "in base64 of another alignment",
    (secret: string) => Buffer.from(`x${secret}`).toString("base64"),
  ],
  ["in hexadecimal", (secret: string) => Buffer.from(`x${secret}`).toString("hex")],
  ["as a buffer in JSON", (secret: string) => JSON.stringify(Buffer.from(secret))],
  ["in a URL", (secret: string) => `http://x?y=${encodeURIComponent(secret)}`],
  ["in JSON", (secret: string) => JSON.stringify({ text: secret })],
])("a secret would be found %s", (_, spell) => {
  for (const secret of [
    'P+ss/w"rd%0123456789abcdef',
    "2ABCD-EFGHJ-KMNPQ-RSTVW-XYZ01",
    "c0ffee".repeat(10),
  ])
    expect(found([textCanary("it", secret)], { log: [spell(secret)] })).toEqual(["it in log"]);
});

test("a day's work is done with them", async () => {
  sold = await story.desk.sell(SALE);
  canaries.push(textCanary("product key", sold.productKey));
  machine = await story.unlock(sold, "mill");
  await refreshInstallation({
    activation: story.cluster.addresses.activation,
    directory: machine.directory,
    authorities: story.cluster.authorities,
  });
  const key = (await readFile(join(machine.directory, "installation.key"), "utf8")).trim();
  canaries.push(textCanary("installation's private key", key));
  const { keys } = desk();
  const { productKey: _, secret } = await keys.reissueProductKey({
    requestId: requestId(),
    name: (await keys.listProductKeys({ parent: sold.license.name })).productKeys[0]!.name,
    why: "lost",
  });
  canaries.push(textCanary("reissued product key", secret));
  expect(secret).not.toBe(sold.productKey);
});

test("seats are leased, and wrongly asked for", async () => {
  await using holder = careless();
  await expect
    .poll(() => holder.acquire(holder.newLeaseId()).then(() => "leased", String))
    .toBe("leased");
  const lease = await holder.acquire(holder.newLeaseId());
  canaries.push(bytesCanary("lease token", lease.token.subarray(-32)));
  await holder.beat(lease);
  const spoilt = Buffer.from(lease.token);
  spoilt[spoilt.length - 1]! ^= 1;
  await holder.beat({ ...lease, token: spoilt });
  await replies.expectRefusals(
    holder.acquire(lease.token),
    holder.stub.borrowSeat({ leaseId: lease.leaseId, token: spoilt }),
    holder.stub.borrowSeat({ leaseId: lease.token, token: lease.token }),
  );
  await holder.stub.releaseSeat({ leaseId: lease.leaseId });
});

test("people sign in, invite, and mistake one secret for another", async () => {
  const provider = story.cluster.identityProvider!;
  const { accessToken } = await signIn(provider, { email: "ada@analytical.example" });
  const bobs = await signIn(provider, { email: BOB });
  for (const [whose, token] of [
    ["Ada's", accessToken],
    ["Bob's", bobs.accessToken],
  ] as const)
    canaries.push(textCanary(`${whose} access token`, token.split(".")[2] ?? ""));
  const ada = desk(accessToken);
  const registered = { requestId: requestId(), displayName: "Ada", customerDisplayName: "AE" };
  const { customer } = await ada.self.register(registered);
  const { secret } = await ada.accounts.createInvitation({
    requestId: requestId(),
    parent: customer!.name,
    invitation: { email: BOB, role: issuer.CustomerRole.USER },
  });
  canaries.push(textCanary("invitation", secret));
  const bob = desk(bobs.accessToken);
  await bob.self.register({ requestId: requestId(), displayName: "Bob", customerDisplayName: "" });
  const accept = (wrong: string) =>
    bob.accounts.acceptInvitation({ requestId: requestId(), account: "", secret: wrong });
  await replies.expectRefusals(
    accept(accessToken),
    accept(sold.productKey),
    accept(`${secret}x`),
    accept(`${secret}\n`),
    bob.self.linkMyIdentity({ requestId: requestId(), accessToken: secret }),
    bob.self.linkMyIdentity({ requestId: requestId(), accessToken: `${accessToken}x` }),
    desk(`${accessToken}x`).self.getMyAccount({}),
    desk(secret).self.getMyAccount({}),
    desk(sold.productKey).self.getMyAccount({}),
  );
  const { account } = await accept(secret);
  expect(account?.memberships).toMatchObject([{ customer: customer!.name }]);
  await replies.tolerate(accept(secret));
});

/** Requests that hold a secret wherever a text may stand, and are all refused. */
function misplaced(secret: string): readonly Promise<unknown>[] {
  const { issuer: calls, keys, licenses, installations, seats } = desk();
  const { name } = sold.license;
  const customer = name.split("/licenses/")[0]!;
  return [
    calls.getCustomer({ name: `customers/${secret}` }),
    calls.getLicense({ name: secret }),
    calls.createCustomer({ requestId: secret, customer: { displayName: "x", referenceId: "X" } }),
    calls.createCustomer({
      requestId: requestId(),
      customer: { displayName: `${secret}\u0007`, referenceId: secret.toLowerCase() },
    }),
    calls.createProduct({ requestId: requestId(), productId: secret, product: undefined }),
    calls.createProductKey({ requestId: requestId(), parent: secret }),
    keys.listProductKeys({ parent: name, pageToken: secret }),
    keys.listProductKeys({ parent: name, filter: `state = "${secret}"` }),
    keys.listProductKeys({ parent: name, orderBy: secret }),
    keys.revealProductKey({ requestId: requestId(), name: secret, why: secret }),
    licenses.listLicenses({ parent: customer, filter: secret }),
    licenses.listLicenses({ parent: customer, pageToken: secret }),
    installations.getInstallation({ name: `installations/${secret}` }),
    seats.listSeats({ parent: name, pageToken: secret }),
    seats.listSeats({ parent: secret }),
  ];
}

/** Attempts to unlock that hold secrets, right and wrong ones. */
function unlocking(productKey: string): readonly Promise<unknown>[] {
  const anyone = client(activation.ActivationServiceDefinition, channels.activation);
  const request = {
    requestId: requestId(),
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Analytical Engines Ltd",
    productKey,
    product: sold.license.product,
    publicKey: Buffer.alloc(32, 7),
    host: "mill",
    challenge: Buffer.alloc(57, 1),
    proof: `${productKey}.${productKey}.${productKey}`,
  };
  return [
    anyone.unlock(request),
    anyone.unlock({ ...request, licenseeName: `${productKey}\n`, proof: "" }),
    anyone.unlock({ ...request, product: productKey }),
    anyone.unlock({ ...request, requestId: productKey }),
    anyone.unlock({ ...request, productKey: productKey.slice(0, -1) }),
    anyone.unlock({ ...request, productKey: `${productKey}é` }),
  ];
}

/** Bytes that are no message, with a secret among them. */
function malformed(secret: string): readonly Promise<unknown>[] {
  const bytes = Buffer.concat([Buffer.from([0x0a, 0xff, 0xff, 0x03]), Buffer.from(secret)]);
  const { unlock } = activation.ActivationServiceDefinition.methods;
  const requestType = { ...unlock.requestType, encode: () => ({ finish: () => bytes }) };
  const definition = {
    ...activation.ActivationServiceDefinition,
    methods: {
      ...activation.ActivationServiceDefinition.methods,
      unlock: { ...unlock, requestType: requestType as unknown as typeof unlock.requestType },
    },
  };
  const spoiling = client(definition, channels.activation);
  return [spoiling.unlock({}), spoiling.unlock({ productKey: secret })];
}

test("secrets in the wrong places are refused", async () => {
  const { adminToken } = story.cluster;
  for (const secret of [adminToken, sold.productKey]) {
    await replies.expectRefusals(...misplaced(secret), ...malformed(secret));
    await replies.expectRefusals(...unlocking(secret));
  }
  await replies.expectRefusals(
    desk(`${adminToken}x`)
      .issuer.getTrustBundle({})
      .then(() => desk("x").licenses.listLicenses({})),
    desk(`${adminToken}x`).licenses.listLicenses({ parent: "customers/-" }),
    desk(adminToken.toUpperCase()).seats.listSeats({ parent: sold.license.name }),
  );
  expect([...replies.reasons]).toEqual(
    expect.arrayContaining([
      "INVALID_REQUEST",
      "MALFORMED_MESSAGE",
      "UNAUTHENTICATED",
      "KEY_CHECK",
    ]),
  );
});

test("stores fail under calls that carry secrets", async () => {
  const { postgres, redis, adminToken } = story.cluster;
  if (postgres.kind === "given" || redis.kind === "given") return;
  await using holder = careless();
  const lease = await holder.acquire(holder.newLeaseId());
  canaries.push(bytesCanary("lease token of an outage", lease.token.subarray(-32)));
  const calls = () => [
    ...unlocking(sold.productKey),
    ...misplaced(adminToken),
    desk().issuer.createProductKey({ requestId: requestId(), parent: sold.license.name }),
    holder.beat(lease),
  ];
  const underWay = replies.tolerate(...calls());
  await postgres.kill();
  await underWay;
  await replies.tolerate(...calls());
  await redis.kill();
  await replies.tolerate(...calls());
  expect(replies.reasons).toContain("DEPENDENCY_UNAVAILABLE");
  await postgres.restart();
  await redis.restart();
  const { issuer: calling } = desk();
  await expect
    .poll(() => calling.getLicense({ name: sold.license.name }).then(() => "up", String), {
      timeout: 30_000,
    })
    .toBe("up");
});

test("no log, trace, metric or error reply has any of them", async () => {
  for (const service of SERVICES)
    await expect
      .poll(() => receiver.spans.some((span) => span.service === service), { timeout: 30_000 })
      .toBe(true);
  const logs = Object.fromEntries(
    SERVICES.map((service) => [`log of ${service}`, story.cluster.logs(service)] as const),
  );
  for (const lines of Object.values(logs)) {
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThan(2_000); // more are not kept
  }
  expect(replies.texts.length).toBeGreaterThan(60);
  expect(canaries.length).toBeGreaterThan(18);
  const metrics = await Promise.all(Array.from(story.cluster.metricsUrls.values(), scrapeText));
  const personal = [BOB, "ada@analytical.example", sold.license.name, LICENSEE.name, "mill"];
  for (const text of metrics) {
    expect(text).toContain("leasehold_grpc_calls_total");
    for (const of of personal) expect(text).not.toContain(of);
  }
  const everything = {
    ...logs,
    metrics,
    traces: receiver.exported,
    "error replies": replies.texts,
  };
  expect(found(canaries, everything)).toEqual([]);
});

test.runIf(process.platform === "linux")(
  "no command line of this machine and no service's environment has any of them",
  async () => {
    const processes = await processFacts();
    const { issuer: first, activation: second, seatBroker: third } = story.cluster.addresses;
    const services = listeningAt(processes, [first, second, third]);
    expect(services).toHaveLength(3);
    expect(
      found(canaries, {
        environments: services.map(({ environment }) => environment),
        "command lines": processes.map(({ commandLine }) => commandLine),
      }),
    ).toEqual([]);
  },
);
