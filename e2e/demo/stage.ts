import type { Agent } from "../agent/agent.ts";
import type { LicensingDesk, Sale, Sold } from "../desk/licensing-desk.ts";
import type { Machine } from "../site/machine.ts";
import type { Theatre } from "./given-cluster.ts";
import type { Narrator } from "./narrator.ts";

/** What the chapters of the story share. */
export interface Stage {
  readonly narrator: Narrator;
  readonly cluster: Theatre;
  readonly desk: LicensingDesk;
  readonly sale: Sale;
  readonly sold: Sold;
  /** Where the machines keep their installations. */
  readonly folder: string;
  /** Lets go of what a chapter brings onto the stage. */
  readonly stack: AsyncDisposableStack;
}

/** The client applications at work, each on a machine of its own. */
export interface Cast {
  readonly machines: readonly Machine[];
  readonly agents: readonly [Agent, Agent, Agent, Agent];
}
