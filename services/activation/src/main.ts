import { runService } from "@leasehold/service-kit";
import { compose } from "./compose.ts";
import { migrateDatabase as migrate } from "./compose-stores.ts";
import { configSchema } from "./config.ts";
import { siteConfigSchema } from "./config-site.ts";

// A directory of an installation tells that this is a license server at a customer's site.
// oxlint-disable-next-line node/no-process-env -- it decides which settings there are
const isSite = process.env["ACTIVATION_SITE_DIRECTORY"] !== undefined;
await (isSite
  ? runService({ name: "activation", config: siteConfigSchema, compose, migrate })
  : runService({ name: "activation", config: configSchema, compose, migrate }));
