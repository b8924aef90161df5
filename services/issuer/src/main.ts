import { runService } from "@leasehold/service-kit";
import { compose, migrateDatabase as migrate } from "./compose.ts";
import { checkKeyRing as check } from "./compose-key-ring.ts";
import { issuerConfig } from "./config.ts";

await runService({ name: "issuer", config: issuerConfig, compose, migrate, check });
