import type { TestProject } from "vitest/node";
import { watchLaunchers } from "./launchers.ts";
import { startStoreHost, type StoreHost } from "./store-host.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of the store host of this run. */
    readonly storeHost: string;
  }
}

let host: StoreHost | undefined;

/** Runs once, before the first test file, in the process that starts the others. */
export async function setup(project: TestProject): Promise<void> {
  watchLaunchers(() => process.exit(1)); // the guard ends the servers
  host = await startStoreHost();
  project.provide("storeHost", host.address);
}

/** Runs once, after the last test file. */
export async function teardown(): Promise<void> {
  await host?.[Symbol.asyncDispose]();
}
