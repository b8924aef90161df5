import { type Cluster, type ServiceName, startCluster } from "@leasehold/dev-cluster";
import { LicensingDesk } from "@leasehold/e2e/desk";
import { guardedFolder } from "@leasehold/testkit";
import type { Listener } from "./dial.ts";
import { pidByEnvironment } from "./processes.ts";

/** A whole cluster to attack, and the vendor's desk. */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly desk: LicensingDesk;
  /** Where machines keep their installations. */
  readonly folder: string;
  readonly listeners: Readonly<Record<StageService, Listener>>;
  /** Process ids as they were at the start. */
  readonly pids: Readonly<Record<StageService, number>>;
  /** What became of services that nobody has ended, and lines about errors in their logs. */
  mishaps(): readonly string[];
}

export const STAGE_SERVICES = ["issuer", "activation", "seat-broker", "seat-broker-2"] as const;
/** A running service of the stage: two seat-brokers work on one Redis. */
export type StageService = (typeof STAGE_SERVICES)[number];

/** How many failed tries to unlock one address has at once, and in each ten minutes. */
export const FAILURES_PER_NETWORK = 300;
/** The same of one product key. */
export const FAILURES_PER_KEY = 20;

/** As services in containers of 512 MiB have it: on a machine with more, garbage is left to lie about. */
const HEAP = "--max-old-space-size=200 --max-semi-space-size=4";

const PREFIX: Readonly<Record<StageService, string>> = {
  issuer: "ISSUER",
  activation: "ACTIVATION",
  "seat-broker": "SEAT_BROKER",
  "seat-broker-2": "SEAT_BROKER",
};

/** Starts it. Services log errors only, so that each line of their logs is a finding. */
export async function openStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("security"));
  const ended: string[] = [];
  const cluster = stack.use(
    await startCluster({
      seatBrokers: 2,
      signIn: true,
      environment: {
        issuer: { ISSUER_LOG_LEVEL: "error", NODE_OPTIONS: HEAP },
        activation: {
          NODE_OPTIONS: HEAP,
          ACTIVATION_LOG_LEVEL: "error",
          ACTIVATION_UNLOCK_FAILURES_PER_NETWORK: `${FAILURES_PER_NETWORK}/10m`,
          ACTIVATION_UNLOCK_FAILURES_PER_KEY: `${FAILURES_PER_KEY}/10m`,
        },
        "seat-broker": { SEAT_BROKER_LOG_LEVEL: "error", NODE_OPTIONS: HEAP },
      },
      onEnd: (service, ending, lines) => ended.push(`${service}: ${ending}\n${lines.join("\n")}`),
    }),
  );
  const { issuer, activation, seatBrokers } = cluster.addresses;
  const [seatBroker = "", secondSeatBroker = ""] = seatBrokers;
  const { authorities } = cluster;
  const listeners = {
    issuer: { address: issuer, authorities },
    activation: { address: activation, authorities },
    "seat-broker": { address: seatBroker, authorities },
    "seat-broker-2": { address: secondSeatBroker, authorities },
  };
  const desk = stack.use(new LicensingDesk({ issuer, seatBroker, ...cluster }));
  const pids = Object.fromEntries(
    await Promise.all(
      STAGE_SERVICES.map(async (service) => [service, await pidOf(service, listeners[service])]),
    ),
  ) as Stage["pids"];
  const stage = stack.move();
  return {
    cluster,
    desk,
    folder: folder.path,
    listeners,
    pids,
    mishaps: () => [...ended, ...STAGE_SERVICES.flatMap((service) => errorsOf(cluster, service))],
    [Symbol.asyncDispose]: () => stage.disposeAsync(),
  };
}

function pidOf(service: StageService, { address }: Listener): Promise<number> {
  return pidByEnvironment(`${PREFIX[service]}_LISTEN`, address);
}

function errorsOf(cluster: Cluster, service: ServiceName): readonly string[] {
  return cluster
    .logs(service)
    .filter((line) => /"level":"(?:error|fatal)"|Error: /.test(line))
    .map((line) => `${service}: ${line}`);
}
