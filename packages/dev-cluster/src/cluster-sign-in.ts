import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type IdentityProvider, startIdentityProvider } from "@leasehold/dev-provider";

/** With whom people sign in, and the file that tells the services so. */
interface ClusterSignIn {
  readonly provider: IdentityProvider;
  readonly file: string;
}

const AUDIENCE = "urn:leasehold:dev";

/** Starts a provider, which ends with the stack. */
export async function openSignIn(
  folder: string,
  stack: AsyncDisposableStack,
): Promise<ClusterSignIn> {
  const provider = stack.use(await startIdentityProvider({ audience: AUDIENCE }));
  const file = join(folder, "identity-providers.json");
  const { issuer, audience, clientId } = provider;
  await writeFile(file, JSON.stringify([{ issuer, audience, client_id: clientId }]));
  return { provider, file };
}
