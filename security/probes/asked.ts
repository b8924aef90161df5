import { issuer, seatBroker } from "@leasehold/contracts";
import { newUuid, parseName, systemClock, systemRandom, uuidBytes } from "@leasehold/kernel";
import type { Belongings } from "../world.ts";

/** Names of what a customer has; of another customer's, or of nobody's. */
export interface Names {
  readonly customer: string;
  readonly account: string;
  readonly license: string;
  readonly resourceLicense: string;
  readonly resource: string;
  readonly installation: string;
  readonly invitation: string;
  readonly joinRequest: string;
  /** A seat of the license, 32 bytes. */
  readonly lease: Uint8Array;
}

const PERIOD = {
  startTime: new Date("2026-01-01T00:00:00Z"),
  endTime: new Date("2026-01-02T00:00:00Z"),
};

/** How each method is asked for what is a customer's, by accounts or by installations. */
export const ASKED: Readonly<Record<string, (of: Names) => object>> = {
  getCustomer: ({ customer: name }) => ({ name }),
  getLicense: ({ license: name }) => ({ name }),
  listLicenses: ({ customer: parent }) => ({ parent }),
  listInvitations: ({ customer: parent }) => ({ parent }),
  listJoinRequests: ({ customer: parent }) => ({ parent }),
  createInvitation: ({ customer: parent }) => ({
    parent,
    invitation: { email: "a@b.example", role: issuer.CustomerRole.USER },
  }),
  withdrawInvitation: ({ invitation: name }) => ({ name }),
  approveJoinRequest: ({ joinRequest: name }) => ({ name, role: issuer.CustomerRole.USER }),
  declineJoinRequest: ({ joinRequest: name }) => ({ name }),
  becomeFirstOwner: () => ({ bootstrapToken: `lh_boot_${"A".repeat(43)}b341958b` }),
  removeMembership: ({ account: name, customer }) => ({ name, customer }),
  requestToJoin: ({ account }) => ({ account, referenceId: "00000-00000" }),
  acceptInvitation: ({ account }) => ({ account, secret: `lh_inv_${"a".repeat(43)}` }),
  getInstallation: ({ installation: name }) => ({ name }),
  listInstallations: ({ license: parent }) => ({ parent }),
  renameInstallation: ({ installation: name }) => ({ name, displayName: "mine" }),
  disableInstallation: ({ installation: name }) => ({ name }),
  enableInstallation: ({ installation: name }) => ({ name }),
  deactivateInstallation: ({ installation: name }) => ({ name }),
  transferInstallation: ({ installation: name }) => ({
    name,
    publicKey: Buffer.alloc(32, 3),
    host: "mine",
  }),
  assignUser: ({ license: parent }) => ({ parent, user: "eve" }),
  unassignUser: ({ license: parent }) => ({ parent, user: "eve" }),
  listNamedUsers: ({ license: parent }) => ({ parent }),
  reportCount: ({ resource }) => ({ resource, feature: "diagrams", count: 1n, sequence: 1n }),
  claimCount: ({ resource }) => ({ resource, feature: "diagrams", more: 1n }),
  listCounts: ({ license: parent }) => ({ parent }),
  registerResource: ({ customer: parent }) => ({ parent, resource: someResource() }),
  importResources: ({ customer: parent }) => ({ parent, resources: [someResource()] }),
  getResource: ({ resource: name }) => ({ name }),
  listResources: ({ customer: parent }) => ({ parent }),
  renameResource: ({ resource: name }) => ({ name, displayName: "mine" }),
  bindResource: ({ resource: name, resourceLicense: license }) => ({ name, license }),
  unbindResource: ({ resource: name }) => ({ name }),
  moveResource: ({ resource: name, resourceLicense: license }) => ({ name, license }),
  removeResource: ({ resource: name }) => ({ name }),
  acquireSeat: ({ lease: leaseId }) => ({ leaseId, holder: HOLDER }),
  waitForSeat: ({ lease: leaseId }) => ({ leaseId, holder: HOLDER }),
  renewSeats: ({ lease: leaseId }) => ({ heartbeats: [{ leaseId, token: Buffer.alloc(60, 1) }] }),
  releaseSeat: ({ lease: leaseId }) => ({ leaseId }),
  borrowSeat: ({ lease: leaseId }) => ({
    leaseId,
    token: Buffer.alloc(60, 1),
    duration: { seconds: 3_600n, nanos: 0 },
  }),
  listSeats: ({ license: parent }) => ({ parent }),
  revokeSeat: ({ lease: leaseId }) => ({ leaseId, immediate: true }),
  listSessions: ({ license: parent }) => ({ parent }),
  listDenials: ({ license: parent }) => ({ parent }),
  getUsage: ({ license: parent }) => ({
    parent,
    ...PERIOD,
    resolution: seatBroker.UsageResolution.DAY,
  }),
  exportUsage: ({ license: parent }) => ({ parent, table: seatBroker.UsageTable.SESSIONS }),
};

/** Methods of accounts and installations that name nothing: they are about the caller. */
export const ABOUT_ONESELF: ReadonlySet<string> = new Set([
  "getMyAccount",
  "linkMyIdentity",
  "register",
  "refreshInstallation",
  "keepAlive",
]);

/** Methods that tell of a thing by a name that does not say whose it is: asked for beneath one's own customer, too. */
export const OF_THINGS: readonly string[] = [
  "getLicense",
  "withdrawInvitation",
  "approveJoinRequest",
  "declineJoinRequest",
  "getResource",
  "renameResource",
  "bindResource",
  "unbindResource",
  "moveResource",
  "removeResource",
  "listSeats",
  "listSessions",
  "listInstallations",
];

const HOLDER = {
  installation: "",
  user: "eve",
  host: "difference",
  process: "17",
  applicationVersion: "1.0",
};

function someResource() {
  return { externalId: newUuid(systemClock, systemRandom), displayName: "mine", kind: "postgres" };
}

/** The names of what a customer has. */
export function namesOf(of: Belongings): Names {
  const { machine, ...names } = of;
  return { ...names, installation: machine.installation.name, lease: leaseOf(of.license) };
}

/** A lease id of a license that nobody has used. */
export function leaseOf(license: string): Uint8Array {
  const id = parseName("customers/{customer}/licenses/{license}", license)?.license ?? "";
  return Buffer.concat([uuidBytes(id as never), uuidBytes(newUuid(systemClock, systemRandom))]);
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The same names with ids that nothing has. */
export function absent(names: Names): Names {
  const ids = new Map<string, string>();
  const replaced = (id: string) => {
    const known = ids.get(id) ?? newUuid(systemClock, systemRandom);
    ids.set(id, known);
    return known;
  };
  const changed = renamed(names, (name) => name.replaceAll(UUID, replaced));
  return { ...changed, lease: leaseOf(changed.license) };
}

/** The same names beneath another customer. */
export function beneath(names: Names, customer: string): Names {
  return renamed(names, (name) => name.replace(names.customer, customer));
}

/** The same with every name changed, and the seat as it is. */
export function renamed(names: Names, change: (name: string) => string): Names {
  return {
    ...names,
    customer: change(names.customer),
    account: change(names.account),
    license: change(names.license),
    resourceLicense: change(names.resourceLicense),
    resource: change(names.resource),
    installation: change(names.installation),
    invitation: change(names.invitation),
    joinRequest: change(names.joinRequest),
  };
}

/** What is left of an answer when the ids in it are forgotten: they were asked for, or are of the call. */
export function forgetful(text: string): string {
  return text.replaceAll(UUID, "id");
}
