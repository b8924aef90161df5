import {
  type ChannelWatches,
  channelWatches,
  migrate,
  openPostgres,
  type Postgres,
} from "@leasehold/store-kit";
import { testPostgres } from "@leasehold/testkit";
import { FEED_CHANNEL } from "../src/store/postgres-feed.ts";

/** Readers of the feed are woken by news alone: a test that needs the poll would hang. */
const NEVER_MS = 2 ** 31 - 1;

/** A fresh database with the service's schema. */
export interface ActivationDatabase extends AsyncDisposable {
  readonly url: string;
  readonly postgres: Postgres;
  readonly watches: ChannelWatches;
}

/** Makes a database and migrates it. */
export async function activationDatabase(): Promise<ActivationDatabase> {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await testPostgres());
  const postgres = stack.use(
    openPostgres({
      url,
      poolSize: 10,
      statementTimeoutMs: 10_000,
      applicationName: "activation-test",
    }),
  );
  await migrate(postgres, new URL("../migrations/", import.meta.url));
  const watches = stack.use(channelWatches(postgres, FEED_CHANNEL, NEVER_MS));
  const letGo = stack.move();
  return { url, postgres, watches, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}
