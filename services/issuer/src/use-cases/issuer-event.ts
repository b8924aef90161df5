/** A business fact, reported once, after its transaction is committed, if there is one. */
export type IssuerEvent =
  | {
      readonly kind: "carried-out";
      /** For example `IssueLicense`. */
      readonly method: string;
      readonly subject: string;
      /** The name of what was changed. */
      readonly resource: string;
    }
  | {
      readonly kind: "certificates-issued";
      readonly license: string;
      readonly revision: bigint;
      readonly installation: string;
    }
  | {
      readonly kind: "key-refused";
      readonly cause: RefusalCause;
      /** As it was asked for. */
      readonly product: string;
      /** What whoever was refused was told. */
      readonly reference?: string;
      /** Whose key it is, if there is one. */
      readonly license?: string;
    };

/** Why a product key does not unlock, which is told to nobody but the log. */
export type RefusalCause =
  | "unknown-key"
  | "revoked-key"
  | "wrong-product"
  | "wrong-licensee"
  | "revoked-license";
