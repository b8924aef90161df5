import type { activation, issuer, seatBroker } from "@leasehold/contracts";
import type { Json, JsonObject } from "./json.ts";

/** The services that the commands call. */
export interface Services {
  readonly IssuerService: typeof issuer.IssuerServiceDefinition;
  readonly CatalogueService: typeof issuer.CatalogueServiceDefinition;
  readonly CustomerService: typeof issuer.CustomerServiceDefinition;
  readonly AccountService: typeof issuer.AccountServiceDefinition;
  readonly AdministratorService: typeof issuer.AdministratorServiceDefinition;
  readonly RegistrationService: typeof issuer.RegistrationServiceDefinition;
  readonly LicenseService: typeof issuer.LicenseServiceDefinition;
  readonly ProductKeyService: typeof issuer.ProductKeyServiceDefinition;
  readonly SigningService: typeof issuer.SigningServiceDefinition;
  readonly AuditService: typeof issuer.AuditServiceDefinition;
  readonly ActivationService: typeof activation.ActivationServiceDefinition;
  readonly NamedUserService: typeof activation.NamedUserServiceDefinition;
  readonly InstallationService: typeof activation.InstallationServiceDefinition;
  readonly SeatBrokerService: typeof seatBroker.SeatBrokerServiceDefinition;
  readonly UsageService: typeof seatBroker.UsageServiceDefinition;
  readonly ResourceService: typeof activation.ResourceServiceDefinition;
  readonly CountService: typeof activation.CountServiceDefinition;
  readonly OfflineService: typeof activation.OfflineServiceDefinition;
  readonly SiteService: typeof activation.SiteServiceDefinition;
}

/** A method of the contract: `IssuerService.createCustomer`. */
export type MethodPath = {
  [Name in keyof Services]: `${Name}.${string & keyof Services[Name]["methods"]}`;
}[keyof Services];

/** A flag that says what a field of the request is. */
export interface Flag {
  /** As commander has it: `--seats <number>`, or `--trial` for a yes. */
  readonly spelling: string;
  readonly help: string;
  /** The field, by JSON names: `license.terms.seats`. A list takes one entry more each time. */
  readonly path: string;
  /** Whether it may be given again and again; the field is a list then. */
  readonly repeated?: boolean;
  readonly required?: boolean;
  /** Whether it names a YAML or JSON file that has the whole message in it. */
  readonly file?: boolean;
  /** Reads what was typed; as it is if absent, which does for texts, numbers, durations and enums. */
  readonly read?: (text: string) => Json;
}

/** The one word that stands without a flag. */
export interface Argument extends Pick<Flag, "path" | "read"> {
  /** As help calls it, for example `customer`. */
  readonly name: string;
}

/** What a method does, and so what flags every such command has. */
export type CommandKind =
  /** Nothing changes. */
  | "read"
  /** Nothing changes, and it comes in pages. */
  | "list"
  /** Something changes: `--request-id`. */
  | "change"
  /** Something is lost for somebody: `--dry-run`, and it is asked before. */
  | "destroy"
  /** Something changes, and the same again changes nothing more: the request needs no id. */
  | "act"
  /** As `act`, and something is lost for somebody: it is asked before. */
  | "end"
  /** The answer is a stream, which `deliver` tells of. */
  | "stream";

/** One command: a method, how flags make its request, and how its response is shown. */
export interface Command {
  readonly verb: string;
  readonly kind: CommandKind;
  readonly method: MethodPath;
  readonly summary: string;
  /** What follows `leasehold GROUP VERB` in the example. */
  readonly example: string;
  readonly argument?: Argument;
  readonly flags?: readonly Flag[];
  /** Field of the request that is a partial message, and the mask that names what is in it. */
  readonly mask?: Mask;
  /** The last word on a request that flags made. */
  readonly complete?: (request: JsonObject) => JsonObject;
  /** The field of the response to show; the whole response if absent. */
  readonly show?: string;
  /** What a table of several has, by paths within one. */
  readonly columns?: readonly string[];
  /** What of a whole response is shown as tables of several: fields, and what each table has. */
  readonly tables?: Readonly<Record<string, readonly string[]>>;
  /** Of a list: whether it takes a filter and an order as expressions; it does unless said. */
  readonly expressions?: false;
  /** Whether the request says why, or which revision was seen. */
  readonly why?: boolean;
  readonly revision?: boolean;
  /** Tells of a stream; absent for all other kinds. */
  readonly delivery?: Delivery;
}

/** How an update names its fields. */
export interface Mask {
  readonly of: string;
  readonly into: string;
  /** Fields that can never change, and are passed over where a whole message is given. */
  readonly fixed?: readonly string[];
}

/** How the responses of a stream are told: lines or text as they come, keys, or the last one alone. */
export type Delivery =
  | { readonly kind: "text"; readonly bytes: string }
  | { readonly kind: "lines"; readonly items: string }
  | { readonly kind: "keys" }
  | { readonly kind: "verdict"; readonly progress: string; readonly fault: string };

/** The name by which commander hands a flag's value out: `--start-time <t>` is `startTime`. */
export function attributeOf(flag: Pick<Flag, "spelling">): string {
  const [long = ""] = flag.spelling.replace(/^--/, "").split(" ");
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
