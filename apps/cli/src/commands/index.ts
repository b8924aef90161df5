import type { CommandGroup } from "../command-group.ts";
import type { LocalCommand } from "../local-command.ts";
import { ACCOUNT } from "./account.ts";
import { ADMINISTRATOR } from "./administrator.ts";
import { AUDIT } from "./audit.ts";
import { CUSTOMER } from "./customer.ts";
import { EDITION } from "./edition.ts";
import { FINGERPRINT } from "./fingerprint.ts";
import { INSTALLATION } from "./installation.ts";
import { KEY } from "./key.ts";
import { LICENSE } from "./license.ts";
import { OFFLINE } from "./offline.ts";
import { INVITATION, JOIN, LINK, LOGIN, LOGOUT, REGISTER, WHOAMI } from "./person.ts";
import { POOL } from "./pool.ts";
import { PRODUCT } from "./product.ts";
import { RESOURCE } from "./resource.ts";
import { SEAT } from "./seat.ts";
import { SIGNING } from "./signing.ts";
import { SITE } from "./site.ts";
import { UNLOCK } from "./unlock.ts";
import { USERS } from "./user.ts";
import { USAGE } from "./usage.ts";

/** Every command there is. */
export const COMMANDS: readonly (CommandGroup | LocalCommand)[] = [
  PRODUCT,
  EDITION,
  CUSTOMER,
  ACCOUNT,
  ADMINISTRATOR,
  LICENSE,
  KEY,
  SIGNING,
  UNLOCK,
  FINGERPRINT,
  INSTALLATION,
  USERS,
  SEAT,
  POOL,
  USAGE,
  RESOURCE,
  OFFLINE,
  SITE,
  AUDIT,
  LOGIN,
  LOGOUT,
  WHOAMI,
  REGISTER,
  JOIN,
  LINK,
  INVITATION,
];
