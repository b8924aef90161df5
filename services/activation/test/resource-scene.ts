import {
  activation,
  type issuer,
  LicenseModel,
  LicenseState,
  LicenseTerms,
  type PartialMessage,
} from "@leasehold/contracts";
import { isProblem, type Problem } from "@leasehold/kernel";
import { type CallMetadata, type Client, client, connect } from "@leasehold/rpc-client";
import type { Principal } from "@leasehold/service-kit";
import { expect, vi } from "vitest";
import { issuedLicense, issuedTerms } from "./issued.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId, freshKey } from "./unlock-requests.ts";
import { type UnlockedInstallation, unlockedInstallation } from "./unlocked-installation.ts";

export type ResourceClient = Client<typeof activation.ResourceServiceDefinition>;
export type CountClient = Client<typeof activation.CountServiceDefinition>;

const ROLES = {
  desk: { kind: "administrator", subject: "clara", permissions: new Set(["*"]) },
  "desk reader": {
    kind: "administrator",
    subject: "rupert",
    permissions: new Set(["resources.read"]),
  },
  "acme admin": {
    kind: "account",
    account: "accounts/ada",
    memberships: new Map([
      ["customers/acme", "ADMINISTRATOR"],
      ["customers/initech", "USER"],
    ]),
  },
  "acme user": {
    kind: "account",
    account: "accounts/uma",
    memberships: new Map([["customers/acme", "USER"]]),
  },
  "globex admin": {
    kind: "account",
    account: "accounts/gil",
    memberships: new Map([["customers/globex", "ADMINISTRATOR"]]),
  },
} as const satisfies Record<string, Principal>;

/** Somebody who may know of resources. */
export type Role = keyof typeof ROLES;

/** Two customers with licenses of resources, and those who act for them. */
export interface ResourceScene extends AsyncDisposable {
  readonly running: RunningActivation;
  as(role: Role): ResourceClient;
  counts(role: Role): CountClient;
  /** Clients with these headers. */
  with(metadata: CallMetadata): {
    readonly resources: ResourceClient;
    readonly counts: CountClient;
  };
  /** Has the issuer tell of a license of the model RESOURCE, and waits until it is known. */
  license(name: string, given?: LicenseGiven): Promise<void>;
  /** Registers a resource, bound to a license if one is given. */
  resource(customer: string, externalId: string, license?: string): Promise<activation.Resource>;
  /** What the seat-broker is told, as it stands. */
  entitlements(): Promise<readonly activation.Entitlement[]>;
  /** An installation of a license. */
  installation(license: string): Promise<UnlockedInstallation>;
}

/** What of a license a test cares about. */
export interface LicenseGiven {
  readonly revision?: bigint;
  readonly state?: LicenseState;
  readonly terms?: PartialMessage<LicenseTerms>;
  /** What its customer may bind, and the customer's revision. */
  readonly customer?: { readonly revision: bigint; readonly resources: number | undefined };
}

/** Starts the service with nothing in it. */
export async function resourceScene(): Promise<ResourceScene> {
  await using stack = new AsyncDisposableStack();
  const secretOf = (role: string) => role.replaceAll(" ", "-");
  const accepts = Object.fromEntries(
    Object.entries(ROLES).map(([role, principal]) => [secretOf(role), principal]),
  );
  const running = stack.use(await runningActivation({ accepts }));
  const channel = stack.use(connect(running.address));
  const clients = (metadata: CallMetadata) => ({
    resources: client(activation.ResourceServiceDefinition, channel, { metadata: () => metadata }),
    counts: client(activation.CountServiceDefinition, channel, { metadata: () => metadata }),
  });
  const ofRole = (role: Role) => clients({ authorization: `Bearer ${secretOf(role)}` });
  const desk = ofRole("desk").resources;
  const letGo = stack.move();
  return {
    running,
    as: (role) => ofRole(role).resources,
    counts: (role) => ofRole(role).counts,
    with: clients,
    license: (name, given) => tellLicense(running, name, given),
    resource: async (customer, externalId, license) => {
      const { resource } = await desk.registerResource(registration(customer, externalId));
      const { name } = present(resource);
      if (license === undefined) return present(resource);
      const bound = await desk.bindResource({ requestId: freshId(), name, license });
      return present(bound.resource);
    },
    entitlements: () => readEntitlements(running),
    installation: async (license) => {
      const key = freshKey();
      const issued = running.issuer.license(license);
      running.issuer.put({ ...issued, revision: issued.revision + 1n }, key.data);
      return unlockedInstallation(running, key.text);
    },
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

/** A request to register a database. */
export function registration(
  parent: string,
  externalId: string,
  given: Partial<activation.Resource> = {},
): activation.RegisterResourceRequest {
  const displayName = `Database ${externalId}`;
  const resource = activation.Resource.fromPartial({ externalId, displayName, ...given });
  return { requestId: freshId(), parent, resource };
}

/** A message that an answer must have. */
export function present<Message>(message: Message | undefined): Message {
  if (message === undefined) throw new Error("the answer lacks its message");
  return message;
}

/** The problem that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<Problem> {
  const answer = await call.catch((thrown: unknown) => thrown);
  if (isProblem(answer)) return answer;
  throw new Error("not refused", { cause: answer });
}

/** Why a call is refused. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  return (await refusal(call)).reason;
}

/** The fields that an invalid request is refused for. */
export async function refusedFields(call: Promise<unknown>): Promise<readonly string[]> {
  const { reason, violations } = await refusal(call);
  if (reason !== "INVALID_REQUEST") throw new Error(`refused for ${reason}`);
  return violations.map(({ field }) => field);
}

async function tellLicense(
  running: RunningActivation,
  name: string,
  { revision = 1n, state = LicenseState.ACTIVE, terms = {}, customer }: LicenseGiven = {},
): Promise<void> {
  const owner = name.replace(/\/licenses\/.*/, "");
  const limits = { resources: customer?.resources };
  if (customer) running.issuer.customers.set(owner, { name: owner, ...customer, limits });
  const model = LicenseModel.RESOURCE;
  const told = LicenseTerms.fromPartial({ ...issuedTerms(), model, ...terms });
  const license: issuer.License = issuedLicense("", revision, { name, state, terms: told });
  running.issuer.put(license);
  const head = running.issuer.head;
  await vi.waitFor(
    async () => {
      const query = { text: "select issuer_cursor from feed" };
      const [row] = await running.database.postgres.query(query);
      expect(row).toEqual({ issuer_cursor: head });
    },
    { timeout: 10_000 },
  );
}

/** The last that is told of each pool, in the order of the feed. */
async function readEntitlements(
  running: RunningActivation,
): Promise<readonly activation.Entitlement[]> {
  const entitlements: activation.Entitlement[] = [];
  for await (const { step } of running.broker.watchEntitlements({ afterFeedRevision: 0n })) {
    if (step?.$case === "entitlement") entitlements.push(step.value);
    if (step === undefined) break;
  }
  return entitlements;
}
