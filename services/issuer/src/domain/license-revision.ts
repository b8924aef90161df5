import type { License, LicenseAction } from "./license.ts";

/** A license as it once was, and how it came about. */
export interface LicenseRevision {
  readonly license: License;
  readonly subject: string;
  /** In the words of whoever made it; may be empty. */
  readonly why: string;
  readonly action: LicenseAction;
}
