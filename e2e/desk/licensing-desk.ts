import {
  ChangePolicy,
  durationFromMs,
  type FeatureGrant,
  issuer,
  LicenseModel,
  type LicenseTerms,
  type PartialMessage,
  type SeatPolicy,
  seatBroker,
  type VersionRange,
} from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Channel, type Client, client } from "@leasehold/rpc-client";

const DAY_MS = 86_400_000;

/** Where the desk works, and as whom. */
export interface DeskOptions {
  readonly issuer: string;
  readonly seatBroker: string;
  /** Bearer secret of an administrator. */
  readonly adminToken: string;
  /** How to reach either. */
  readonly connect: (address: string) => Channel;
}

/** What to sell. */
export interface Sale {
  /** FLOATING if absent. */
  readonly model?: LicenseModel;
  readonly seats: number;
  /** Their codes; with seats, how many of them may use the feature at a time, with a limit, how many of a counted one. */
  readonly features: readonly (string | PartialMessage<FeatureGrant>)[];
  /** How long holders may rely on a seat, and how much longer the server keeps it. */
  readonly leaseTimes: { readonly validityMs: number; readonly graceMs: number };
  /** Anyone, each process a seat of its own, if absent; so is what it leaves out. */
  readonly seatPolicy?: PartialMessage<SeatPolicy>;
  /** Further terms, in place of the desk's own. */
  readonly terms?: PartialMessage<LicenseTerms>;
  /** What the product tells, in place of what the desk's tells. */
  readonly product?: PartialMessage<issuer.Product>;
  /** How its changes reach those who work; at once if absent. */
  readonly changePolicy?: keyof typeof ChangePolicy;
  /** Which versions of the product it is for; every one if absent. */
  readonly versions?: PartialMessage<VersionRange>;
  /** For databases: how many of them may be bound to the license. For floating seats if absent. */
  readonly databases?: number;
}

/** A license that was sold, and the key that unlocks it. */
export interface Sold {
  readonly license: issuer.License;
  readonly productKey: string;
}

/** Whom the desk's licenses are made out to. */
export const LICENSEE = { name: "Ada Lovelace", organization: "Analytical Engines Ltd" };

/** The features of the product that the desk sells. */
const CATALOGUE = ["dataflow", "workflow", "reporting"] as const;
/** Those of which a license says how many. */
const COUNTED = ["diagrams"] as const;

/** The vendor's licensing desk: what an administrator does, through the public API alone. */
export class LicensingDesk implements AsyncDisposable {
  readonly issuer: Client<typeof issuer.IssuerServiceDefinition>;
  readonly #catalogue: Client<typeof issuer.CatalogueServiceDefinition>;
  readonly #seats: Client<typeof seatBroker.SeatBrokerServiceDefinition>;
  readonly #channels = new AsyncDisposableStack();

  constructor(options: DeskOptions) {
    const metadata = () => ({ authorization: `Bearer ${options.adminToken}` });
    const toIssuer = this.#channels.use(options.connect(options.issuer));
    const toSeatBroker = this.#channels.use(options.connect(options.seatBroker));
    this.issuer = client(issuer.IssuerServiceDefinition, toIssuer, { metadata });
    this.#catalogue = client(issuer.CatalogueServiceDefinition, toIssuer, { metadata });
    this.#seats = client(seatBroker.SeatBrokerServiceDefinition, toSeatBroker, { metadata });
  }

  /** Creates a customer, a product, and a license of it that is valid for a year, with a key. */
  async sell(sale: Sale): Promise<Sold> {
    const parent = await this.#createCustomer();
    const product = await this.#createProduct(sale.product);
    const terms = termsOf(sale);
    const { license } = await this.issuer.issueLicense({
      requestId: requestId(),
      parent,
      license: { product, licensee: LICENSEE, terms },
    });
    if (!license) throw new Error("the issuer answered without the license");
    const { secret } = await this.issuer.createProductKey({
      requestId: requestId(),
      parent: license.name,
    });
    return { license, productKey: secret };
  }

  /** Changes terms of a license, those that the fields name. */
  async amend(license: string, sale: Sale, fields: readonly string[]): Promise<issuer.License> {
    const amended = await this.issuer.amendLicense({
      requestId: requestId(),
      name: license,
      terms: termsOf(sale),
      updateMask: [...fields],
    });
    if (!amended.license) throw new Error("the issuer answered without the license");
    return amended.license;
  }

  /** Says which versions of a product are supported, and which go together. */
  async ruleVersions(
    product: string,
    versionPolicy: PartialMessage<issuer.VersionPolicy>,
  ): Promise<void> {
    await this.#catalogue.updateProduct({
      requestId: requestId(),
      name: product,
      product: { versionPolicy },
      updateMask: ["version_policy"],
    });
  }

  async suspend(license: string): Promise<void> {
    await this.issuer.suspendLicense(change(license));
  }

  async resume(license: string): Promise<void> {
    await this.issuer.resumeLicense(change(license));
  }

  async revoke(license: string): Promise<void> {
    await this.issuer.revokeLicense(change(license));
  }

  /** Who holds the license's seats, as the seat-broker sees it. */
  async seats(license: string): Promise<readonly seatBroker.Seat[]> {
    const { seats } = await this.#seats.listSeats({ parent: license, pageSize: 500 });
    return seats;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#channels.disposeAsync();
  }

  async #createCustomer(): Promise<string> {
    const { customer } = await this.issuer.createCustomer({
      requestId: requestId(),
      customer: {
        displayName: LICENSEE.organization,
        referenceId: `AE-${requestId().slice(-12)}`,
      },
    });
    return customer?.name ?? "";
  }

  async #createProduct(facts: Sale["product"]): Promise<string> {
    const { product } = await this.issuer.createProduct({
      requestId: requestId(),
      productId: `studio-${requestId().slice(-12)}`,
      product: {
        displayName: "Studio",
        features: [
          ...CATALOGUE.map((code) => ({ code, displayName: code })),
          ...COUNTED.map((code) => ({
            code,
            displayName: code,
            kind: issuer.FeatureKind.COUNTED,
          })),
        ],
        salesContact: "sales@example.com",
        ...facts,
      },
    });
    return product?.name ?? "";
  }
}

function termsOf(sale: Sale): PartialMessage<LicenseTerms> {
  const { seats, features, leaseTimes, seatPolicy, terms, databases } = sale;
  const { changePolicy = "LIVE", versions } = sale;
  const { model = databases === undefined ? LicenseModel.FLOATING : LicenseModel.RESOURCE } = sale;
  const now = systemClock.now();
  return {
    model,
    ...(databases !== undefined && { resources: databases }),
    seats,
    features: features.map((sold) => (typeof sold === "string" ? { feature: sold } : sold)),
    startTime: new Date(now - DAY_MS),
    endTime: new Date(now + 365 * DAY_MS),
    leaseTimes: {
      validity: durationFromMs(leaseTimes.validityMs),
      grace: durationFromMs(leaseTimes.graceMs),
    },
    ...(seatPolicy && { seatPolicy }),
    changePolicy: ChangePolicy[changePolicy],
    ...(versions && { versions }),
    ...terms,
  };
}

function change(name: string) {
  return { requestId: requestId(), name };
}

function requestId(): string {
  return newUuid(systemClock, systemRandom);
}
