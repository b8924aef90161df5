import { migrate, openPostgres } from "@leasehold/store-kit";
import type { Postgres } from "@leasehold/store-kit";
import { testPostgres } from "@leasehold/testkit";

/** A fresh database with the issuer's schema; gone after disposal. */
export interface MigratedPostgres extends AsyncDisposable {
  readonly url: string;
  readonly postgres: Postgres;
}

export async function migratedPostgres(): Promise<MigratedPostgres> {
  await using opening = new AsyncDisposableStack();
  const { url } = opening.use(await testPostgres());
  const postgres = opening.use(
    openPostgres({ url, poolSize: 4, statementTimeoutMs: 5_000, applicationName: "issuer-test" }),
  );
  await migrate(postgres, new URL("../migrations/", import.meta.url));
  const open = opening.move();
  return { url, postgres, [Symbol.asyncDispose]: () => open.disposeAsync() };
}
