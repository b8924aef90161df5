import type { TransportSecurity } from "@leasehold/rpc-client";
import type { MethodPath, Services } from "./command.ts";

/** A server that commands call. */
export type ServerName = "issuer" | "activation" | "seat-broker";

/** Where a server is, and as whom it is spoken to. */
export interface ServerAddress {
  /** `host:port`, or a gRPC target. */
  readonly address: string;
  /** Bearer secret; without one, only what anyone may call can be called. */
  readonly token: string | undefined;
  readonly security: TransportSecurity;
}

/** How it is said where a server is. */
export interface ServerPlace {
  /** As commander has it. */
  readonly spelling: string;
  /** The name by which commander hands the flag's value out. */
  readonly attribute: string;
  /** The environment variable. */
  readonly variable: string;
  /** The package of its contract. */
  readonly contract: string;
}

export const SERVERS: Readonly<Record<ServerName, ServerPlace>> = {
  issuer: {
    spelling: "--issuer <host:port>",
    attribute: "issuer",
    variable: "LEASEHOLD_ISSUER",
    contract: "leasehold.issuer.v1",
  },
  activation: {
    spelling: "--activation <host:port>",
    attribute: "activation",
    variable: "LEASEHOLD_ACTIVATION",
    contract: "leasehold.activation.v1",
  },
  "seat-broker": {
    spelling: "--seat-broker <host:port>",
    attribute: "seatBroker",
    variable: "LEASEHOLD_SEAT_BROKER",
    contract: "leasehold.seatbroker.v1",
  },
};

const SERVER_OF: Readonly<Record<keyof Services, ServerName>> = {
  IssuerService: "issuer",
  CatalogueService: "issuer",
  CustomerService: "issuer",
  AccountService: "issuer",
  AdministratorService: "issuer",
  RegistrationService: "issuer",
  LicenseService: "issuer",
  ProductKeyService: "issuer",
  SigningService: "issuer",
  AuditService: "issuer",
  ActivationService: "activation",
  NamedUserService: "activation",
  InstallationService: "activation",
  SeatBrokerService: "seat-broker",
  UsageService: "seat-broker",
  ResourceService: "activation",
  CountService: "activation",
  OfflineService: "activation",
  SiteService: "activation",
};

/** The server that has a method. */
export function serverOf(method: MethodPath): ServerName {
  return SERVER_OF[serviceOf(method)];
}

/** The service that has a method. */
export function serviceOf(method: MethodPath): keyof Services {
  return method.split(".")[0] as keyof Services;
}
