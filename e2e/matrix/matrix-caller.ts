import type { CallMetadata, Channel } from "@leasehold/rpc-client";
import type { ServerName } from "./contract-methods.ts";

/** Who somebody is, as far as it decides what they may do. */
export type Standing =
  | { readonly kind: "nobody" }
  | { readonly kind: "installation" }
  | { readonly kind: "service"; readonly service: string }
  /** By a bearer secret. */
  | { readonly kind: "administrator"; readonly permissions: ReadonlySet<string> }
  | AccountStanding
  /** Signed in, without an account. */
  | { readonly kind: "person" };

/** Signed in, with an account. */
export interface AccountStanding {
  readonly kind: "account";
  /** What their roles in the deployment permit. */
  readonly permissions: ReadonlySet<string>;
  /** Whether they administer some customer. */
  readonly administers: boolean;
}

/** Somebody who calls. */
export interface MatrixCaller {
  readonly name: string;
  readonly standing: Standing;
  /** Where their credentials count; elsewhere they are nobody. */
  readonly knownAt: readonly ServerName[];
  /** The headers of a call to a service, by its full name. */
  readonly metadata: (service: string) => CallMetadata | Promise<CallMetadata>;
  /** Of services: at the listeners for them. Everybody else calls in public. */
  readonly channels?: Readonly<Record<ServerName, Channel>>;
}

export const EVERYWHERE: readonly ServerName[] = ["issuer", "activation", "seat-broker"];
