import {
  boolean,
  defineList,
  type FieldOf,
  oneOf,
  reference,
  text,
  time,
} from "@leasehold/list-query";
import { parseName } from "@leasehold/kernel";
import type { InstallationState } from "./installation.ts";

const STATES = {
  ACTIVE: "ACTIVE",
  DISABLED: "DISABLED",
  ENDED: "ENDED",
} as const satisfies Record<InstallationState, InstallationState>;

const LICENSE = "customers/{customer}/licenses/{license}";

/** What ListInstallations may be asked for. */
export const INSTALLATIONS_LIST = defineList({
  fields: {
    license: reference(LICENSE, (name) => (parseName(LICENSE, name) ? name : undefined)),
    host: text(),
    display_name: text(),
    state: oneOf(STATES),
    application_version: text(),
    has_conflict: boolean(),
    last_seen_time: time(),
    create_time: time(),
  },
  orderable: ["host", "display_name", "application_version", "last_seen_time", "create_time"],
  defaultOrder: "create_time desc",
});

export type InstallationField = FieldOf<typeof INSTALLATIONS_LIST>;
