import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCertificateAuthority } from "@leasehold/dev-certificates";
import type { TlsFiles } from "../run/bar.ts";

/** Makes an authority, and a certificate for servers of this machine, in a folder. */
export async function makeTlsFiles(folder: string): Promise<TlsFiles> {
  const authority = await createCertificateAuthority("Leasehold benchmark");
  const { certificate, key } = await authority.issue({ hosts: ["127.0.0.1", "localhost"] });
  const write = async (name: string, content: string) => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  return {
    certificate: await write("certificate.pem", certificate),
    key: await write("key.pem", key),
    authorities: await write("authorities.pem", authority.authorities),
  };
}
