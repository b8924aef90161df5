import { openSession } from "@leasehold/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sale } from "./desk/licensing-desk.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";
import { OtlpReceiver, type ReceivedSpan } from "./traces/otlp-receiver.ts";
import { recordOwnSpans } from "./traces/record-own-spans.ts";

const SALE: Sale = {
  seats: 3,
  features: ["dataflow"],
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
};
const LIMIT = { timeout: 30_000, interval: 100 };

const stack = new AsyncDisposableStack();
let receiver: OtlpReceiver;
let story: Story;
let machine: Machine;

beforeAll(async () => {
  receiver = stack.use(await OtlpReceiver.start());
  stack.use(recordOwnSpans("studio", receiver.endpoint));
  story = stack.use(await openStory({ otlpEndpoint: receiver.endpoint }));
  machine = await story.unlock(await story.desk.sell(SALE), "mill");
}, 120_000);

afterAll(() => stack.disposeAsync());

/** The ways of traces from this process down to a span of a service, each as the services it went through. */
function ways(leaf: (span: ReceivedSpan) => boolean, through: string): string[] {
  return receiver.spans
    .filter(leaf)
    .map((span) => receiver.lineage(span))
    .filter((lineage) => lineage[0]?.service === "studio")
    .filter((lineage) => lineage.some(({ name }) => name.includes(through)))
    .map((lineage) => lineage.map(({ service }) => service))
    .map((services) => services.filter((service, i) => service !== services[i - 1]).join(" → "));
}

test("one trace leads from the application through the seat-broker to Redis", async () => {
  await using session = openSession({
    installation: machine.installation,
    seatBrokers: story.cluster.addresses.seatBrokers,
    authorities: story.cluster.authorities,
    application: "studio 7.1",
  });
  await session.acquire();
  const toRedis = ({ name, service }: ReceivedSpan) =>
    name.startsWith("redis.") && service === "seat-broker";
  await expect.poll(() => ways(toRedis, "AcquireSeat"), LIMIT).toContain("studio → seat-broker");
  expect(ways(toRedis, "leasehold.client.acquire")).toContain("studio → seat-broker");
});

test("one trace leads from the application through activation and issuer to Postgres", async () => {
  const toPostgres = ({ name, service }: ReceivedSpan) =>
    name.startsWith("postgres.") && service === "issuer";
  await expect
    .poll(() => ways(toPostgres, "Unlock"), LIMIT)
    .toContain("studio → activation → issuer");
});
