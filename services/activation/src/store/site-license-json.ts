import type { SiteLicense } from "../domain/site-license.ts";

/** Numbers of 64 bits and bytes, which JSON does not have, are text. */
interface StoredSiteLicense extends Omit<SiteLicense, "terms"> {
  readonly terms: Omit<SiteLicense["terms"], "features" | "seatPolicy" | "passedTerms"> & {
    readonly features: readonly {
      readonly feature: string;
      readonly limit?: string;
      readonly seats?: number;
    }[];
    readonly seatPolicy: string;
    readonly passedTerms: string;
  };
}

/** A site's license as the column `license` of `site` has it. */
export function siteLicenseJson({ terms, ...license }: SiteLicense): string {
  const stored: StoredSiteLicense = {
    ...license,
    terms: {
      ...terms,
      features: terms.features.map(({ limit, ...grant }) =>
        limit === undefined ? grant : { ...grant, limit: String(limit) },
      ),
      seatPolicy: Buffer.from(terms.seatPolicy).toString("base64"),
      passedTerms: Buffer.from(terms.passedTerms).toString("base64"),
    },
  };
  return JSON.stringify(stored);
}

/** Reads what `siteLicenseJson` wrote. */
export function siteLicenseOf(json: unknown): SiteLicense {
  const { terms, ...license } = json as StoredSiteLicense;
  return {
    ...license,
    terms: {
      ...terms,
      features: terms.features.map(({ limit, ...grant }) =>
        limit === undefined ? grant : { ...grant, limit: BigInt(limit) },
      ),
      seatPolicy: new Uint8Array(Buffer.from(terms.seatPolicy, "base64")),
      passedTerms: new Uint8Array(Buffer.from(terms.passedTerms, "base64")),
    },
  };
}
