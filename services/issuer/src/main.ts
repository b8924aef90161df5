import { runService } from "@leasehold/service-kit";
import { compose } from "./compose.ts";
import { issuerConfig } from "./config.ts";

await runService({ name: "issuer", config: issuerConfig, compose });
