import { newUuid, systemClock, systemRandom, type Uuid, uuidBytes } from "@leasehold/kernel";

/** What a customer has that a call can be about. */
export const SLOTS = [
  "customer",
  "license",
  "namedUserLicense",
  "installation",
  "resource",
  "invitation",
  "joinRequest",
  "account",
  "lease",
] as const;

/** Of one customer: resource names, and the id of a live lease in base64. */
export type Belongings = Readonly<Record<(typeof SLOTS)[number], string>>;

/** What is nobody's. */
export function nobodysBelongings(): Belongings {
  const customer = `customers/${newId()}`;
  return {
    customer,
    license: `${customer}/licenses/${newId()}`,
    namedUserLicense: `${customer}/licenses/${newId()}`,
    installation: `installations/${newId()}`,
    resource: `${customer}/resources/${newId()}`,
    invitation: `${customer}/invitations/${newId()}`,
    joinRequest: `${customer}/joinRequests/${newId()}`,
    account: `accounts/${newId()}`,
    lease: leaseId(newId(), newId()),
  };
}

function leaseId(license: Uuid, lease: Uuid): string {
  return Buffer.concat([uuidBytes(license), uuidBytes(lease)]).toString("base64");
}

function newId(): Uuid {
  return newUuid(systemClock, systemRandom);
}
