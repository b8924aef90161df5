import type { LicenseAction } from "../domain/license.ts";

/** A business fact, reported once, after its transaction is committed. */
export type IssuerEvent =
  | { readonly kind: "customer-created"; readonly subject: string; readonly customer: string }
  | { readonly kind: "product-created"; readonly subject: string; readonly product: string }
  | {
      readonly kind: "license-changed";
      readonly subject: string;
      readonly action: LicenseAction;
      readonly license: string;
      readonly revision: bigint;
    }
  | {
      readonly kind: "product-key-created";
      readonly subject: string;
      readonly license: string;
      readonly keyName: string;
    }
  | {
      readonly kind: "certificates-issued";
      readonly license: string;
      readonly revision: bigint;
      readonly installation: string;
    };
