import { expect, test } from "vitest";
import type { License } from "../domain/license.ts";
import { OPEN_VERSIONS } from "../domain/product.ts";
import type { FeedEntry, FeedPage } from "./license-ports.ts";
import { watchLicenses } from "./watch-licenses.ts";

/** A feed of so many licenses, each changed once, in the order of their numbers. */
class Feed {
  readonly entries: FeedEntry[] = [];
  readonly reads: bigint[] = [];
  grow: () => void = () => undefined;

  append(count: number): void {
    for (let i = 0; i < count; i++) {
      const feedRevision = BigInt(this.entries.length + 1);
      const license = { revision: feedRevision } as License;
      const product = { revision: 1n, versionPolicy: OPEN_VERSIONS };
      const customer = { revision: 1n, limits: {} };
      this.entries.push({ feedRevision, license, product, customer });
    }
    this.grow();
  }

  readonly store = {
    readFeed: (after: bigint, limit: number): Promise<FeedPage> => {
      this.reads.push(after);
      const entries = this.entries.slice(Number(after), Number(after) + limit);
      return Promise.resolve({ head: BigInt(this.entries.length), entries });
    },
  };

  readonly watchFeed = () => ({
    next: () => new Promise<void>((resolve) => (this.grow = resolve)),
    [Symbol.dispose]: () => undefined,
  });
}

async function take(feed: Feed, after: bigint, count: number): Promise<string[]> {
  const steps: string[] = [];
  for await (const step of watchLicenses(feed, after, new AbortController().signal)) {
    steps.push(`${step.kind} ${step.feedRevision}`);
    if (steps.length === count) break;
  }
  return steps;
}

test.each([0, 1, 199, 200, 201, 400])(
  "a watcher of %i licenses gets each, then a position",
  async (count) => {
    const feed = new Feed();
    feed.append(count);
    const expected = Array.from({ length: count }, (_, i) => `license ${i + 1}`);
    expect(await take(feed, 0n, count + 1)).toEqual([...expected, `position ${count}`]);
  },
);

test("a watcher goes on from where it was", async () => {
  const feed = new Feed();
  feed.append(5);
  expect(await take(feed, 3n, 3)).toEqual(["license 4", "license 5", "position 5"]);
  expect(await take(feed, 5n, 1)).toEqual(["position 5"]);
});

test("a watcher that has everything gets what comes, and no further position", async () => {
  const feed = new Feed();
  const steps = watchLicenses(feed, 0n, new AbortController().signal);
  expect((await steps.next()).value).toMatchObject({ kind: "position", feedRevision: 0n });
  for (const revision of [1n, 2n]) {
    const next = steps.next();
    feed.append(1);
    expect((await next).value).toMatchObject({ kind: "license", feedRevision: revision });
  }
  await steps.return();
});

test("no page is read before the one before it was taken", async () => {
  const feed = new Feed();
  feed.append(500);
  await take(feed, 0n, 200);
  expect(feed.reads).toEqual([0n]);
});

test("a watcher that is ahead of the feed gets everything", async () => {
  const feed = new Feed();
  feed.append(2);
  expect(await take(feed, 9n, 3)).toEqual(["license 1", "license 2", "position 2"]);
});

test("a watcher whose call is over is let go", async () => {
  const over = new AbortController();
  const feed = new Feed();
  const steps = watchLicenses(feed, 0n, over.signal);
  await steps.next();
  const next = steps.next();
  over.abort();
  feed.append(1);
  expect(await next).toMatchObject({ done: true });
});
