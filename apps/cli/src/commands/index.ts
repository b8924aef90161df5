import type { CommandGroup } from "../command.ts";
import { ACCOUNT } from "./account.ts";
import { AUDIT } from "./audit.ts";
import { CUSTOMER } from "./customer.ts";
import { EDITION } from "./edition.ts";
import { KEY } from "./key.ts";
import { LICENSE } from "./license.ts";
import { PRODUCT } from "./product.ts";
import { SIGNING } from "./signing.ts";

/** Every command there is. */
export const COMMANDS: readonly CommandGroup[] = [
  PRODUCT,
  EDITION,
  CUSTOMER,
  ACCOUNT,
  LICENSE,
  KEY,
  SIGNING,
  AUDIT,
];
