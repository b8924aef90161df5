import type { Clock, RandomBytes } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import type { LicenseCaller } from "../domain/customer-reach.ts";
import type { NamedUser, NamingLicense } from "../domain/named-user.ts";
import type { NamedUserField } from "../domain/named-user-list.ts";
import type { RequestIdentity } from "./ports.ts";

/** What can be read of named users. */
export interface NamedUserReads {
  /** The license, `customers/{customer}/licenses/{license}`, and how its places stand. */
  findNaming(license: string): Promise<NamingLicense | undefined>;
  findNamedUser(license: string, user: string): Promise<NamedUser | undefined>;
  listNamedUsers(license: string, query: ListQuery<NamedUserField>): Promise<Page<NamedUser>>;
}

/** What a change of a license's named users is made of. All of it is told to the seat-brokers. */
export interface NamedUserWrites extends Omit<NamedUserReads, "listNamedUsers"> {
  nameUser(user: NamedUser): Promise<void>;
  unnameUser(
    user: NamedUser,
    by: { readonly subject: string; readonly time: number },
  ): Promise<void>;
}

/** The named users of licenses. */
export interface NamedUserStore extends NamedUserReads {
  /**
   * Does work that changes whom licenses name, alone: nobody else changes any meanwhile. Once for
   * a request; repeated, it has the reply of then.
   * @throws Problem REQUEST_ID_REUSED, REQUEST_IN_FLIGHT, or what `work` throws, upon which nothing is kept
   */
  once(
    request: RequestIdentity,
    work: (writes: NamedUserWrites) => Promise<Uint8Array>,
  ): Promise<Uint8Array>;
}

/** A user's place that is given or taken back. */
export interface PlaceCommand {
  readonly request: RequestIdentity;
  readonly caller: LicenseCaller;
  /** `customers/{customer}/licenses/{license}`. */
  readonly license: string;
  readonly user: string;
}

/** That somebody changed whom a license names. */
export interface NamingEvent {
  readonly kind: "assigned" | "unassigned";
  readonly license: string;
  readonly subject: string;
}

/** What naming users needs. */
export interface NamedUserPorts {
  readonly store: NamedUserStore;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  /** The reply in bytes, as it is kept for a repetition of the request. */
  readonly encode: (user: NamedUser) => Uint8Array;
  readonly report: (event: NamingEvent) => void;
}
