import { type Cluster, type ClusterOptions, startCluster } from "@leasehold/dev-cluster";
import { guardedFolder } from "@leasehold/testkit";
import { Agent, type AgentVersions } from "../agent/agent.ts";
import { LicensingDesk, type Sold } from "../desk/licensing-desk.ts";
import { type Machine, unlockMachine } from "./machine.ts";

/** A cluster with a licensing desk at one end and a customer's machines at the other. */
export interface Story extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly desk: LicensingDesk;
  /** Where the machines keep their installations. */
  readonly folder: string;
  /** Unlocks a machine of this name. */
  unlock(sold: Sold, name: string): Promise<Machine>;
  /** Starts a client application on a machine. */
  startAgent(machine: Machine, versions?: AgentVersions): Promise<Agent>;
}

/** Sets the scene. Disposal ends everything that is on it. */
export async function openStory(options: ClusterOptions = {}): Promise<Story> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("story"));
  const cluster = stack.use(await startCluster(options));
  const { issuer, seatBroker, seatBrokers } = cluster.addresses;
  const desk = stack.use(new LicensingDesk({ issuer, seatBroker, ...cluster }));
  const scene = stack.move();
  return {
    cluster,
    desk,
    folder: folder.path,
    unlock: (sold, name) => unlockMachine(cluster, sold, folder.path, name),
    startAgent: async ({ directory }, versions) =>
      scene.use(await Agent.start(directory, seatBrokers, cluster.environment, versions)),
    [Symbol.asyncDispose]: () => scene.disposeAsync(),
  };
}
