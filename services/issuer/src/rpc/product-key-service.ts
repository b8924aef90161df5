import { issuer } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import { implement, parseRequest } from "@leasehold/service-kit";
import type { Handlers, ServiceBinding } from "@leasehold/service-kit";
import { generateProductKeys } from "../use-cases/generate-product-keys.ts";
import { listKeyGenerations, retireKeyGeneration } from "../use-cases/key-generations.ts";
import { listProductKeys } from "../use-cases/list-product-keys.ts";
import type { IssuerPorts } from "../use-cases/ports.ts";
import type { KeyMaking } from "../use-cases/product-key-ports.ts";
import { revealProductKey } from "../use-cases/reveal-product-key.ts";
import { reissueProductKey, revokeProductKey } from "../use-cases/revoke-product-key.ts";
import { mutating, mutatingStream } from "./mutating.ts";
import * as parse from "./parse-product-key.ts";
import * as present from "./present-product-key.ts";

/** Everything that the use-cases of the service work with. */
export interface ProductKeyServicePorts extends IssuerPorts, KeyMaking {
  readonly pageTokens: PageTokens;
}

const { methods } = issuer.ProductKeyServiceDefinition;

type AllHandlers = Handlers<typeof issuer.ProductKeyServiceDefinition>;

/** The product keys' service: from the wire to the use-cases and back. */
export function productKeyService(ports: ProductKeyServicePorts): ServiceBinding {
  return implement(issuer.ProductKeyServiceDefinition, {
    ...keyHandlers(ports),
    ...generationHandlers(ports),
  });
}

function keyHandlers(
  ports: ProductKeyServicePorts,
): Omit<AllHandlers, "listKeyGenerations" | "retireKeyGeneration"> {
  return {
    generateProductKeys: mutatingStream(
      methods.generateProductKeys,
      parse.readGenerateProductKeys,
      async function* (mutation, command) {
        for await (const some of generateProductKeys(ports, mutation, command))
          yield present.presentGeneratedKeys(some);
      },
    ),
    reissueProductKey: mutating(
      methods.reissueProductKey,
      parse.readProductKeyName,
      async (mutation, ref) =>
        present.presentCreatedProductKey(await reissueProductKey(ports, mutation, ref)),
    ),
    revokeProductKey: mutating(
      methods.revokeProductKey,
      parse.readProductKeyName,
      async (mutation, ref) => ({
        productKey: present.presentProductKey(await revokeProductKey(ports, mutation, ref)),
      }),
    ),
    revealProductKey: mutating(
      methods.revealProductKey,
      parse.readRevealProductKey,
      async (mutation, ref) => ({ secret: (await revealProductKey(ports, mutation, ref)) ?? "" }),
    ),
    listProductKeys: async (request) => {
      const { nextPageToken, ...command } = parseRequest((check) =>
        parse.readListProductKeys(check, request, ports.pageTokens),
      );
      const page = await listProductKeys(ports, command);
      const productKeys = page.items.map(present.presentProductKey);
      return { productKeys, nextPageToken: nextPageToken(page) };
    },
  };
}

function generationHandlers(
  ports: ProductKeyServicePorts,
): Pick<AllHandlers, "listKeyGenerations" | "retireKeyGeneration"> {
  return {
    listKeyGenerations: async () => {
      const generations = await listKeyGenerations(ports);
      return { keyGenerations: generations.map(present.presentKeyGeneration) };
    },
    retireKeyGeneration: mutating(
      methods.retireKeyGeneration,
      parse.readRetireKeyGeneration,
      async (mutation, command) => ({
        keyGeneration: present.presentKeyGeneration(
          await retireKeyGeneration(ports, mutation, command),
        ),
      }),
    ),
  };
}
