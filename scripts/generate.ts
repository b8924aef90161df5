// Makes anew what is generated. From the contract: TypeScript, the descriptors that reflection
// serves, the fields that are sensitive, the list of error reasons, which the kernel needs without
// importing the contract, and docs/errors.md.
// From the services' configuration: .env.example and docs/operations/configuration.md.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { sensitiveFieldsSource } from "./supply/sensitive-fields-source.ts";

execFileSync("buf", ["generate"], { stdio: "inherit" });

const descriptors = "packages/contracts/contract.binpb";
execFileSync("buf", [
  "build",
  "--as-file-descriptor-set",
  "--exclude-source-info",
  "-o",
  descriptors,
]);

const image = execFileSync("buf", ["build", "-o", "-#format=json"], { maxBuffer: 2 ** 28 });
writeFileSync(
  "packages/contracts/src/sensitive-fields.gen.ts",
  sensitiveFieldsSource(JSON.parse(image.toString("utf8"))),
);

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

const proto = readFileSync("proto/leasehold/errors/v1/error_reason.proto", "utf8");
// A comment ends with the status that the reason is answered with: `… CODE.`
const explained = /((?: *\/\/.*\n)+) *ERROR_REASON_(\w+) = [1-9]/g;
const rows = Array.from(proto.matchAll(explained), ([, comment = "", reason]) => {
  const words = comment.replaceAll(/\s*\/\/\s*/g, " ").trim();
  const [, meaning, code] = /^([\s\S]*) ([A-Z_]+)\.$/.exec(words) ?? [];
  return `| \`${reason}\` | ${code} | ${meaning} |\n`;
});
writeFileSync(
  "docs/errors.md",
  `# Errors

<!-- Generated from proto/leasehold/errors/v1/error_reason.proto by \`pnpm generate\`. -->

A call that fails carries a \`google.rpc.Status\` in \`grpc-status-details-bin\`: an \`ErrorInfo\` with one of
these reasons (domain \`leasehold\`), a \`BadRequest\` where fields are at fault, a \`RetryInfo\` where waiting
helps. Branch on the reason; the status text is for people.

| reason | gRPC status | meaning |
| --- | --- | --- |
${rows.join("")}`,
);

for (const service of ["issuer", "activation", "seat-broker"]) {
  const main = ["--conditions=source", `services/${service}/src/main.ts`, "--env-example"];
  writeFileSync(`services/${service}/.env.example`, execFileSync("node", main));
}
const site = ["--conditions=source", "services/activation/src/main.ts", "--env-example"];
mkdirSync("services/activation/site", { recursive: true });
writeFileSync(
  "services/activation/site/.env.example",
  execFileSync("node", site, { env: { ...process.env, ACTIVATION_SITE_DIRECTORY: "site" } }),
);

const { configurationDocs } = await import("./configuration-docs.ts");
writeFileSync("docs/operations/configuration.md", configurationDocs());
