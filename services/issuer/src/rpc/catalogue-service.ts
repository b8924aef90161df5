import { issuer } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import { implement, parseRequest } from "@leasehold/service-kit";
import type { ServiceBinding } from "@leasehold/service-kit";
import { createEdition } from "../use-cases/create-edition.ts";
import type { IssuerPorts } from "../use-cases/ports.ts";
import { getEdition, listEditions, listProducts } from "../use-cases/read-catalogue.ts";
import { updateEdition } from "../use-cases/update-edition.ts";
import { updateProduct } from "../use-cases/update-product.ts";
import { mutating } from "./mutating.ts";
import * as editions from "./parse-edition.ts";
import * as products from "./parse-product.ts";
import { presentEdition, presentProduct } from "./present-catalogue.ts";

const { methods } = issuer.CatalogueServiceDefinition;

/** Everything that the use-cases of the service work with. */
export interface CatalogueServicePorts extends IssuerPorts {
  readonly pageTokens: PageTokens;
}

/** What is sold: from the wire to the use-cases and back. */
export function catalogueService(ports: CatalogueServicePorts): ServiceBinding {
  return implement(issuer.CatalogueServiceDefinition, {
    updateProduct: mutating(
      methods.updateProduct,
      products.readUpdateProduct,
      async (mutation, command) => ({
        product: presentProduct(await updateProduct(ports, mutation, command)),
      }),
    ),
    listProducts: async (request) => {
      const { query, nextPageToken } = parseRequest((check) =>
        products.readListProducts(check, request, ports.pageTokens),
      );
      const page = await listProducts(ports, query);
      return { products: page.items.map(presentProduct), nextPageToken: nextPageToken(page) };
    },
    createEdition: mutating(
      methods.createEdition,
      editions.readCreateEdition,
      async (mutation, command) => ({
        edition: presentEdition(await createEdition(ports, mutation, command)),
      }),
    ),
    getEdition: async (request) => {
      const ref = parseRequest((check) => editions.readGetEdition(check, request));
      return { edition: presentEdition(await getEdition(ports, ref)) };
    },
    updateEdition: mutating(
      methods.updateEdition,
      editions.readUpdateEdition,
      async (mutation, command) => ({
        edition: presentEdition(await updateEdition(ports, mutation, command)),
      }),
    ),
    listEditions: async (request) => {
      const { productId, query, nextPageToken } = parseRequest((check) =>
        editions.readListEditions(check, request, ports.pageTokens),
      );
      const page = await listEditions(ports, productId, query);
      return { editions: page.items.map(presentEdition), nextPageToken: nextPageToken(page) };
    },
  });
}
