import type { Uuid } from "@leasehold/kernel";
import { listStatement, statement } from "@leasehold/store-kit";
import type { LicenseState, LicenseTerms } from "../domain/license-facts.ts";
import type { NamedUserField } from "../domain/named-user-list.ts";

const file = (name: string) => new URL(`../../sql/${name}.sql`, import.meta.url);

/** A row of `named_user`. */
export interface NamedUserRow {
  readonly id: Uuid;
  readonly license: string;
  readonly user_name: string;
  readonly assign_time: Date;
  readonly assigned_by: string;
}

export const findNaming = statement<
  {
    readonly model: LicenseTerms["model"];
    readonly state: LicenseState;
    readonly seats: number;
    readonly revision: bigint;
    readonly users: number;
    readonly bytes: number;
  },
  readonly [license: string]
>(file("find_naming"));

export const findNamedUser = statement<NamedUserRow, readonly [license: string, user: string]>(
  file("find_named_user"),
);

export const nameUser = statement<
  NamedUserRow,
  readonly [id: Uuid, license: string, user: string, assignTime: Date, subject: string]
>(file("name_user"));

export const unnameUser = statement<
  NamedUserRow,
  readonly [license: string, user: string, now: Date, subject: string]
>(file("unname_user"));

export const announceEntitlement = statement<
  object,
  readonly [license: string, feedRevision: bigint]
>(file("announce_entitlement"));

export const listNamedUsers = listStatement<
  NamedUserRow,
  readonly [license: string],
  NamedUserField
>(file("list_named_users"), {
  columns: { user: "user_name", assigned_by: "assigned_by", assign_time: "assign_time" },
  key: "id",
});
