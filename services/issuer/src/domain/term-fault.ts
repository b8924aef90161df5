/** A term that breaks a rule which needs more than the one field to be checked. */
export interface TermFault {
  /** Path below the terms, for example `features[2].feature`. */
  readonly path: string;
  readonly description: string;
}
