import { runService } from "@leasehold/service-kit";
import { compose, migrateDatabase } from "./compose.ts";
import { configSchema } from "./config.ts";

await runService({ name: "seat-broker", config: configSchema, compose, migrate: migrateDatabase });
