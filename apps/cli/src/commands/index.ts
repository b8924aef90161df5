import type { CommandGroup } from "../command-group.ts";
import type { LocalCommand } from "../local-command.ts";
import { ACCOUNT } from "./account.ts";
import { AUDIT } from "./audit.ts";
import { CUSTOMER } from "./customer.ts";
import { EDITION } from "./edition.ts";
import { INSTALLATION } from "./installation.ts";
import { KEY } from "./key.ts";
import { LICENSE } from "./license.ts";
import { PRODUCT } from "./product.ts";
import { SIGNING } from "./signing.ts";
import { SITE } from "./site.ts";
import { UNLOCK } from "./unlock.ts";

/** Every command there is. */
export const COMMANDS: readonly (CommandGroup | LocalCommand)[] = [
  PRODUCT,
  EDITION,
  CUSTOMER,
  ACCOUNT,
  LICENSE,
  KEY,
  SIGNING,
  UNLOCK,
  INSTALLATION,
  SITE,
  AUDIT,
];
