import type { Clock, Problem, RandomBytes } from "@leasehold/kernel";
import type { DiscoveredServers } from "./discover.ts";
import type { Installation } from "./installation.ts";
import type { LicenseFacts } from "./license-facts.ts";
import type { LicenseStanding } from "./license-standing.ts";
import type { PendingChange } from "./license-view.ts";
import type { ResourceChange } from "./resource-change.ts";
import type { SeatWarning } from "./seat-warning.ts";
import type { ServerSecurity } from "./server-security.ts";

/** What a session is opened with. */
export interface SessionOptions extends ServerSecurity {
  readonly installation: Installation;
  /** The seat-brokers, `host:port` each, any of which serves; or what `discover` found. */
  readonly seatBrokers: readonly string[] | DiscoveredServers;
  /** The client application's version, for example `4.2.0`: what the license's versions are held against. */
  readonly application: string;
  /** The version of the product's server that the application works with, if it works with one. */
  readonly server?: string;
  /**
   * What feature checks answer while the installation is `limited`: no (`lock`, unless said), or
   * what the license says, in which case the application looks at `state` itself (`keep`).
   */
  readonly whenLimited?: "lock" | "keep";
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

/** What a session tells its application. */
export interface SessionEvents {
  /** The license changed: its seats, its features or its state; or its pool was drained or resumed. */
  licenseChanged: [LicenseFacts];
  /**
   * The license changed, and its vendor wants the change to come into force with a restart:
   * save, end, and start again. Until then the session goes on by what it had.
   */
  restartRequired: [PendingChange];
  /** The installation stands otherwise towards its license: a refresh is due, the clock is behind, … */
  stateChanged: [LicenseStanding];
  /** A seat was granted, with something to see to. */
  warning: [SeatWarning];
  /** A resource whose seats the session holds, or held, changed: whether the license grants them; or its pool was drained or resumed. */
  resourceChanged: [ResourceChange];
  /** The stream to a seat-broker is open. */
  connected: [];
  /** It is not; seats stay held until their deadline while another one is tried. */
  disconnected: [Problem | undefined];
}

/** The seat-brokers of a session, and whether they are to be tried in their order. */
export function serversOf(given: SessionOptions["seatBrokers"]): {
  readonly addresses: readonly string[];
  readonly inOrder: boolean;
} {
  return "addresses" in given ? given : { addresses: given, inOrder: false };
}
