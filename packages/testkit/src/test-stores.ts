import type { StoreKind } from "./store-host.ts";

/** An empty store for one test or one file; gone after disposal. */
export interface TestStore extends AsyncDisposable {
  readonly url: string;
}

/** A fresh database of the test run's Postgres. Only inside vitest. */
export function testPostgres(): Promise<TestStore> {
  return testStore("postgres");
}

/** A logical database of the test run's Redis, which other files use too: for one to crash, `startRedis`. */
export function testRedis(): Promise<TestStore> {
  return testStore("redis");
}

async function testStore(kind: StoreKind): Promise<TestStore> {
  const { inject } = await import("vitest"); // cannot be loaded outside a run, where this package is used too
  const endpoint = `${inject("storeHost")}${kind}`;
  const url = await call(endpoint, { method: "POST" });
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      await call(endpoint, { method: "DELETE", body: url });
    },
  };
}

async function call(endpoint: string, request: RequestInit): Promise<string> {
  const response = await fetch(endpoint, request);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
