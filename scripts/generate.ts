// Makes anew what is generated. From the contract: TypeScript, the descriptors that reflection
// serves, and the list of error reasons, which the kernel needs without importing the contract.
// From the services' configuration: .env.example.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

execFileSync("buf", ["generate"], { stdio: "inherit" });

const descriptors = "packages/contracts/contract.binpb";
execFileSync("buf", [
  "build",
  "--as-file-descriptor-set",
  "--exclude-source-info",
  "-o",
  descriptors,
]);

const { ErrorReason } =
  await import("../packages/contracts/src/gen/leasehold/errors/v1/error_reason.ts");
const reasons = Object.keys(ErrorReason).filter((reason) => reason !== "UNSPECIFIED");
writeFileSync(
  new URL("../packages/kernel/src/error-reason.gen.ts", import.meta.url),
  `// Generated from proto/leasehold/errors/v1/error_reason.proto by \`pnpm generate\`.

/** Every reason why a call can fail, as the contract names them. */
export const ERROR_REASONS = [
${reasons.map((reason) => `  "${reason}",\n`).join("")}] as const;

/** Why a call failed; the contract tells what each means. */
export type ErrorReason = (typeof ERROR_REASONS)[number];
`,
);

for (const service of ["issuer", "activation", "seat-broker"]) {
  const main = ["--conditions=source", `services/${service}/src/main.ts`, "--env-example"];
  writeFileSync(`services/${service}/.env.example`, execFileSync("node", main));
}
