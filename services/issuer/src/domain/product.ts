import type { VersionRange, VersionTolerance } from "@leasehold/license-format";

/** Whether a feature is on or off, or counted; what is not told may have a limit or none. */
export type FeatureKind = "UNSPECIFIED" | "SWITCH" | "COUNTED";

/** A function of a product, or a thing it counts. */
export interface Feature {
  readonly code: string;
  readonly displayName: string;
  readonly kind: FeatureKind;
}

/** Which versions of a product are supported, and which of client and server go together. */
export interface VersionPolicy {
  /** Absent: every one. */
  readonly supported?: VersionRange;
  readonly tolerance: VersionTolerance;
}

/** Of a product that tells no policy: every version is supported, and goes with every other. */
export const OPEN_VERSIONS: VersionPolicy = { tolerance: "ANY" };

/** What the vendor tells of a product. */
export interface ProductFacts {
  readonly displayName: string;
  readonly features: readonly Feature[];
  /** Where a customer asks about keys and licenses; may be empty. */
  readonly salesContact: string;
  /** Where a customer gets help; may be empty. */
  readonly helpContact: string;
  readonly versionPolicy: VersionPolicy;
}

/** What the vendor sells licenses of. Times are milliseconds since 1970. */
export interface Product extends ProductFacts {
  /** The product's code. */
  readonly id: string;
  /** 1 at first; one more with every change. */
  readonly revision: bigint;
  readonly createTime: number;
  /** When this revision was made. */
  readonly updateTime: number;
}

/** The kind of each feature of a product, by its code. */
export type FeatureKinds = ReadonlyMap<string, FeatureKind>;

/** The features of a product, as the terms of licenses and editions are held to them. */
export function featureKinds(product: Pick<Product, "features">): FeatureKinds {
  return new Map(product.features.map(({ code, kind }) => [code, kind]));
}

/** The next revision of a product, made at `now`; whether its features may change so is not checked. */
export function changeProduct(
  product: Product,
  facts: Partial<ProductFacts>,
  now: number,
): Product {
  return { ...product, ...facts, revision: product.revision + 1n, updateTime: now };
}

/** Whether two policies say the same of versions. */
export function isSamePolicy(one: VersionPolicy, other: VersionPolicy): boolean {
  return (
    one.tolerance === other.tolerance &&
    one.supported?.oldest === other.supported?.oldest &&
    one.supported?.newest === other.supported?.newest
  );
}

/** The codes of the features that a change takes away: they are left out, or become another kind. */
export function featuresTaken(
  before: Pick<Product, "features">,
  after: Pick<Product, "features">,
): readonly string[] {
  const kinds = featureKinds(after);
  return before.features
    .filter(({ code, kind }) => kinds.get(code) !== kind)
    .map(({ code }) => code);
}
