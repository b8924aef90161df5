/*
 * `pnpm make-certificates <folder> [--name <public name>]…`: what deploy/compose/compose.tls.yaml wants, in `<folder>/secrets`, by an
 * authority made for it whose private key is then forgotten. For trying things out, or until certificates come from elsewhere.
 * Valid for 90 days; run again, it replaces all of them, and services take them over.
 */
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createCertificateAuthority } from "../packages/dev-certificates/src/index.ts";

const SERVICES = ["issuer", "activation", "seat-broker"] as const;
const VALID_MS = 90 * 86_400_000;
/** As compose.tls.yaml has them. */
const IDENTITIES = "spiffe://leasehold.internal/ns/leasehold/sa/";

async function make(secrets: string, names: readonly string[]): Promise<void> {
  const authority = await createCertificateAuthority("Leasehold on one host");
  const notAfter = Date.now() + VALID_MS;
  // In one step each, so that nobody reads half a file. Containers run as nobody that this machine knows.
  const write = (name: string, text: string) => {
    writeFileSync(join(secrets, `${name}.new`), text, { mode: 0o444 });
    renameSync(join(secrets, `${name}.new`), join(secrets, name));
  };
  const issue = async (name: string, options: Parameters<typeof authority.issue>[0]) => {
    const { certificate, key } = await authority.issue({ ...options, notAfter });
    write(`${name}-key.pem`, key);
    write(`${name}-certificate.pem`, certificate);
  };
  for (const name of ["tls-authorities.pem", "service-authorities.pem"])
    write(name, authority.authorities);
  await issue("tls", { hosts: [...names, ...SERVICES, "localhost", "127.0.0.1"] });
  for (const service of SERVICES)
    await issue(service, { hosts: [service], uris: [`${IDENTITIES}${service}`] });
}

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { name: { type: "string", multiple: true, default: [] } },
  allowPositionals: true,
});
const [folder = ""] = positionals;
const secrets = join(folder, "secrets");
if (positionals.length !== 1 || !existsSync(secrets)) {
  console.error("usage: make-certificates <folder of make-secrets> [--name <public name>]…");
  process.exitCode = 1;
} else {
  await make(secrets, values.name);
  console.log(`clients trust ${join(secrets, "tls-authorities.pem")}`);
}
