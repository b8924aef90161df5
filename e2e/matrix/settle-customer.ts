import { issuer, LicenseModel } from "@leasehold/contracts";
import type { Installation } from "@leasehold/client";
import type { Cluster } from "@leasehold/dev-cluster";
import { isProblem } from "@leasehold/kernel";
import { until } from "@leasehold/testkit";
import type { LicensingDesk, Sale } from "../desk/licensing-desk.ts";
import { CarelessClient } from "../site/careless-client.ts";
import { unlockMachine } from "../site/machine.ts";
import type { Belongings } from "./belongings.ts";
import { type MatrixDesk, type MatrixPerson, requestId } from "./people.ts";

const PATIENCE_MS = 60_000;
const SALE = {
  seats: 2,
  features: ["dataflow"],
  leaseTimes: { validityMs: 600_000, graceMs: 1_000 },
} as const;

/** Who and what a customer is made of. */
export interface SettledCustomer {
  readonly belongings: Belongings;
  readonly installation: Installation;
}

/** What a customer is settled with. */
export interface Settlement {
  readonly cluster: Pick<Cluster, "addresses" | "authorities" | "connect" | "trustRoot">;
  readonly sales: LicensingDesk;
  readonly desk: MatrixDesk;
  /** Where machines keep their installations. */
  readonly folder: string;
  /** Who registered the customer. */
  readonly administrator: MatrixPerson;
  /** Who is to be there as USER. */
  readonly user: MatrixPerson;
  /** Who asks to join, and is left waiting. */
  readonly asking: MatrixPerson;
}

/** Gives a customer one of everything that a call can be about. */
export async function settleCustomer(settlement: Settlement): Promise<SettledCustomer> {
  const { administrator, user, desk } = settlement;
  const { name: customer = "", referenceId = "" } = administrator.customer ?? {};
  await desk.accounts.setMembership({
    requestId: requestId(),
    name: user.account,
    customer,
    role: issuer.CustomerRole.USER,
  });
  const { license, installation } = await unlocked(settlement, customer);
  const { resource } = await desk.resources.registerResource({
    requestId: requestId(),
    parent: customer,
    resource: { externalId: "db-1", displayName: "Database" },
  });
  const belongings: Belongings = {
    customer,
    license,
    namedUserLicense: await namedUserLicense(settlement, customer),
    installation: installation.name,
    resource: resource?.name ?? "",
    account: user.account,
    ...(await waiting(settlement, customer, referenceId)),
    lease: await heldLease(settlement, installation),
  };
  return { belongings, installation };
}

/** A license of a product of its own. */
async function issued(
  { sales, desk }: Settlement,
  parent: string,
  sale: Sale,
): Promise<issuer.License> {
  const { license: sample } = await sales.sell(sale);
  const { product, licensee, terms } = sample;
  const { license } = await desk.issuer.issueLicense({
    requestId: requestId(),
    parent,
    license: { product, ...(licensee && { licensee }), ...(terms && { terms }) },
  });
  if (!license) throw new Error("the issuer answered without the license");
  return license;
}

/** A license, and a machine that is unlocked with it. */
async function unlocked(
  settlement: Settlement,
  parent: string,
): Promise<{ readonly license: string; readonly installation: Installation }> {
  const { cluster, desk, folder } = settlement;
  const license = await issued(settlement, parent, SALE);
  const { secret: productKey } = await desk.issuer.createProductKey({
    requestId: requestId(),
    parent: license.name,
  });
  const name = license.name.replaceAll("/", "-");
  const machine = await unlockMachine(cluster, { license, productKey }, folder, name);
  return { license: license.name, installation: machine.installation };
}

/** A license that names its users, once activation knows of it. */
async function namedUserLicense(settlement: Settlement, customer: string): Promise<string> {
  const sale = { ...SALE, model: LicenseModel.NAMED_USER };
  const { name: parent } = await issued(settlement, customer, sale);
  return until("a license of named users", PATIENCE_MS, () =>
    settlement.desk.namedUsers.listNamedUsers({ parent }).then(() => parent, notYet),
  );
}

function notYet(thrown: unknown): undefined {
  if (!isProblem(thrown)) throw thrown;
}

/** What waits for an answer at a customer's. */
async function waiting(
  { administrator, asking }: Settlement,
  customer: string,
  referenceId: string,
): Promise<Pick<Belongings, "invitation" | "joinRequest">> {
  const { invitation } = await administrator.accounts.createInvitation({
    requestId: requestId(),
    parent: customer,
    invitation: { email: "invited@acme.example", role: issuer.CustomerRole.USER },
  });
  await asking.accounts.requestToJoin({ requestId: requestId(), account: "", referenceId });
  const { joinRequests } = await administrator.accounts.listJoinRequests({ parent: customer });
  return { invitation: invitation?.name ?? "", joinRequest: joinRequests[0]?.name ?? "" };
}

/** A seat that somebody works with, once the seat-broker knows of the license. */
async function heldLease({ cluster }: Settlement, installation: Installation): Promise<string> {
  await using careless = new CarelessClient(
    installation,
    cluster.connect(cluster.addresses.seatBroker),
  );
  const leaseId = careless.newLeaseId();
  await until("a seat", PATIENCE_MS, () => careless.acquire(leaseId).catch(notYet));
  return leaseId.toString("base64");
}
