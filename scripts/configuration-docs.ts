// docs/operations/configuration.md, from the settings that the services declare.
import { siteConfigSchema } from "../services/activation/src/config-site.ts";
import { configSchema as activation } from "../services/activation/src/config.ts";
import { issuerConfig } from "../services/issuer/src/config.ts";
import { configSchema as seatBroker } from "../services/seat-broker/src/config.ts";
import { type ConfigSchema, variableName } from "../packages/service-kit/src/config/config.ts";

const INTRODUCTION = `# Configuration

<!-- Generated from the services' settings by \`pnpm generate\`. -->

A service is set by its environment alone. A name that begins with the service's prefix and is no setting is refused, so that a
misspelt one is noticed; so is every \`LEASEHOLD_…\`. Everything that is wrong is told together, and the service ends with 78.

- A name that ends in \`_FILE\` is the path of a file; white space around its content does not count. Secrets are given so, never as
  a value. Certificates and their keys are read again when their files change; other files at the start only.
- A duration has its unit: \`250ms\`, \`30s\`, \`5m\`, \`1h\`, \`7d\`. A flag is \`on\` or \`off\`. An empty value counts as none.
- \`--check-config\` reads the settings and the files, and starts nothing. \`--env-example\` prints every setting, for a file to begin with.
- \`--migrate\` brings the database up to date and serves nothing; a service that starts does it by itself
  ([upgrades](upgrades.md)). \`--probe\` asks the service beside it, at its \`…_HEALTH_LISTEN\`, whether it serves.
- What Node reads itself holds too: \`NODE_EXTRA_CA_CERTS\` for authorities of Postgres, Redis and providers of sign-in.
`;

const SECTIONS: readonly (readonly [title: string, schema: ConfigSchema])[] = [
  ["issuer", issuerConfig],
  ["activation", activation],
  ["activation at a customer's site", siteConfigSchema],
  ["seat-broker", seatBroker],
];

/** The whole page. */
export function configurationDocs(): string {
  return [INTRODUCTION, ...SECTIONS.map(([title, schema]) => section(title, schema))].join("\n");
}

function section(title: string, { prefix, fields }: ConfigSchema): string {
  const rows = Object.entries(fields).map(([name, field]) => {
    const unset = field.optional ? "–" : "**must be given**";
    const given = field.default === undefined ? unset : code(field.default);
    return `| ${code(variableName(prefix, name, field))} | ${code(field.form)} | ${given} | ${cell(field.doc)} |\n`;
  });
  return `## ${title}

| setting | form | if it is not given | what it sets |
| --- | --- | --- | --- |
${rows.join("")}`;
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
