/** A business fact, reported once, after its transaction is committed. */
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
    };
