import type { ServiceKind, ServiceName } from "./service-name.ts";

/** How a cluster differs from the plain one. */
export interface ClusterOptions {
  /** How many seat-brokers run on the one Redis; 1 unless told. */
  readonly seatBrokers?: number;
  /** The seat-brokers' fence, with its unit, for example `500ms`; theirs unless told. */
  readonly fence?: string;
  /** Where traces go, for example `http://127.0.0.1:4318`; every call is sampled then. */
  readonly otlpEndpoint?: string;
  /** Further configuration, under full names, for example `{ issuer: { ISSUER_LOG_LEVEL: "debug" } }`. */
  readonly environment?: Readonly<Partial<Record<ServiceKind, Readonly<Record<string, string>>>>>;
  /** Told when a service ends without having been asked to. */
  readonly onEnd?: (service: ServiceName, ending: string, lines: readonly string[]) => void;
}
