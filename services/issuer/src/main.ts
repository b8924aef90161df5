import { runService } from "@leasehold/service-kit";
import { compose, migrateDatabase } from "./compose.ts";
import { issuerConfig } from "./config.ts";

await runService({ name: "issuer", config: issuerConfig, compose, migrate: migrateDatabase });
