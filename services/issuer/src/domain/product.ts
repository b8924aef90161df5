/** A function of a product, or a thing it counts. */
export interface Feature {
  readonly code: string;
  readonly displayName: string;
}

/** What the vendor sells licenses of. */
export interface Product {
  /** The product's code. */
  readonly id: string;
  readonly displayName: string;
  readonly features: readonly Feature[];
  /** Where a customer asks about keys and licenses; may be empty. */
  readonly salesContact: string;
  /** Milliseconds since 1970. */
  readonly createTime: number;
}

/** The codes of a product's features. */
export function featureCodes(product: Product): ReadonlySet<string> {
  return new Set(product.features.map(({ code }) => code));
}
