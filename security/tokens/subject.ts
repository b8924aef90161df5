import type { SigningKey, SigningPurpose, TrustBundle, Verified } from "@leasehold/license-format";

/** An instant at which all tokens hold, in milliseconds since 1970. */
export const NOW = Date.UTC(2030, 0, 15, 12);

export const DEPLOYMENT = "dev.leasehold.local";
/** Of the deployment that all tokens are of. */
export const PRODUCT = "products/atlas";
export const INSTALLATION = "installations/0190a000-0000-7000-8000-000000000002";
/** Of a token. */
export const ID = "0190a000-0000-7000-8000-00000000000a";
/** The id of the request file that the installation certificate answers. */
export const REQUEST = "0190a000-0000-7000-8000-00000000000f";

/** One kind of token: a genuine one, who signs it, and what believes it. */
export interface Subject {
  readonly typ: string;
  readonly token: string;
  readonly key: SigningKey;
  /** Payloads that its own key would sign, and that are not believed all the same: expired, for somebody else. */
  readonly unfit: Readonly<Record<string, object>>;
  /** Whether somebody believes a text to be such a token. */
  accepts(token: string): Promise<boolean>;
  /** The same without the key that signed it: retired and gone from the bundle. */
  acceptsWithoutKey(token: string): Promise<boolean>;
}

/** One genuine token of every kind, and all keys of their deployment. */
export interface Subjects {
  readonly all: readonly Subject[];
  readonly keys: Readonly<Record<SigningPurpose | "own", SigningKey>>;
}

/** The deployment whose tokens they are, and an installation of it. */
export interface SubjectSite {
  readonly keys: Subjects["keys"];
  readonly trust: TrustBundle;
  /** Private key of the installation. */
  readonly own: Uint8Array;
}

/** When a token held that does not any more. */
export const OLD = { iat: 1_000_000_000, exp: 1_000_000_600 };

export function believed(verified: Verified<unknown>): boolean {
  return verified.kind === "verified";
}
