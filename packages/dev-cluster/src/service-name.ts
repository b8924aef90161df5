import { activation, issuer, seatBroker } from "@leasehold/contracts";

/** A service of the cluster; several seat-brokers may run. */
export type ServiceKind = "issuer" | "activation" | "seat-broker";

/** One running service. The first seat-broker bears the plain name, further ones a number from 2. */
export type ServiceName = ServiceKind | `seat-broker-${number}`;

/** What the cluster has to know of a service to start it. */
export interface ServiceFacts {
  /** Before every name of its configuration. */
  readonly prefix: string;
  /** The name it serves, and tells its health under. */
  readonly fullName: string;
  /** Its program. */
  readonly main: URL;
}

/** The services, in the order in which each finds those that it needs. */
export const SERVICES = {
  issuer: facts("ISSUER", issuer.IssuerServiceDefinition.fullName, "issuer"),
  activation: facts("ACTIVATION", activation.ActivationServiceDefinition.fullName, "activation"),
  "seat-broker": facts(
    "SEAT_BROKER",
    seatBroker.SeatBrokerServiceDefinition.fullName,
    "seat-broker",
  ),
} as const satisfies Record<ServiceKind, ServiceFacts>;

function facts(prefix: string, fullName: string, folder: string): ServiceFacts {
  return {
    prefix,
    fullName,
    main: new URL(`../../../services/${folder}/src/main.ts`, import.meta.url),
  };
}
