import * as activation from "./activation.ts";
import type { ServiceDefinition } from "./definitions.ts";
import * as issuer from "./issuer.ts";
import * as seatBroker from "./seat-broker.ts";

/** Every service of the contract. */
export const SERVICES: readonly ServiceDefinition[] = [issuer, activation, seatBroker].flatMap(
  (exported) => Object.values<unknown>(exported).filter(isService),
);

function isService(exported: unknown): exported is ServiceDefinition {
  return typeof exported === "object" && exported !== null && "fullName" in exported;
}
