import type { ServiceKind, ServiceName } from "./service-name.ts";

/** Stores that outlive the cluster. */
export interface GivenStores {
  /** Of a superuser; each service gets a database of its own there. */
  readonly postgresUrl: string;
  /** Where a seat-broker finds Redis, by its number from 1. */
  readonly redisUrl: (seatBroker: number) => string;
}

/** How a cluster differs from the plain one. */
export interface ClusterOptions {
  /** What to work on; unless told, what the environment names, else stores of the cluster's own. */
  readonly stores?: GivenStores;
  /** How many seat-brokers run on the one Redis; 1 unless told. */
  readonly seatBrokers?: number;
  /** The seat-brokers' fence, with its unit, for example `500ms`; theirs unless told. */
  readonly fence?: string;
  /** Where traces go, for example `http://127.0.0.1:4318`; every call is sampled then. */
  readonly otlpEndpoint?: string;
  /** Whether everything is encrypted, and services know each other by certificate; unless told, it is. */
  readonly tls?: boolean;
  /** Whether people may sign in, with a provider in this process, of whom one is the owner; not unless told. */
  readonly signIn?: boolean;
  /** Further configuration, under full names, for example `{ issuer: { ISSUER_LOG_LEVEL: "debug" } }`. */
  readonly environment?: Readonly<Partial<Record<ServiceKind, Readonly<Record<string, string>>>>>;
  /** Told when a service ends without having been asked to. */
  readonly onEnd?: (service: ServiceName, ending: string, lines: readonly string[]) => void;
}
