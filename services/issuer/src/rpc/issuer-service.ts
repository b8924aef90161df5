import { issuer } from "@leasehold/contracts";
import { implement, parseRequest } from "@leasehold/service-kit";
import type { Handlers, ServiceBinding } from "@leasehold/service-kit";
import { type ChangeLicense, changeExistingLicense } from "../use-cases/change-license.ts";
import { createCustomer } from "../use-cases/create-customer.ts";
import { createProduct } from "../use-cases/create-product.ts";
import { createProductKey } from "../use-cases/create-product-key.ts";
import { getCustomer, getLicense, getProduct } from "../use-cases/get-resources.ts";
import { issueCertificates } from "../use-cases/issue-certificates.ts";
import { issueLicense } from "../use-cases/issue-license.ts";
import type { CurrentKeyRing } from "../use-cases/key-ring.ts";
import type { FeedWatch } from "../use-cases/license-ports.ts";
import type { Mutation } from "../use-cases/mutation.ts";
import type { IssuerPorts } from "../use-cases/ports.ts";
import type { KeyMaking } from "../use-cases/product-key-ports.ts";
import { verifyProductKey } from "../use-cases/verify-product-key.ts";
import { watchLicenses } from "../use-cases/watch-licenses.ts";
import { callerOf } from "./caller-of.ts";
import { mutating } from "./mutating.ts";
import * as customers from "./parse-customer.ts";
import * as licenses from "./parse-license.ts";
import * as products from "./parse-product.ts";
import * as unlock from "./parse-unlock.ts";
import { presentCustomer } from "./present-customer.ts";
import * as present from "./present.ts";
import { presentProduct } from "./present-catalogue.ts";
import { presentCreatedProductKey } from "./present-product-key.ts";

/** Everything that the use-cases of the service work with. */
export interface IssuerServicePorts extends IssuerPorts, KeyMaking {
  readonly currentKeyRing: CurrentKeyRing;
  readonly watchFeed: () => FeedWatch;
}

const { methods } = issuer.IssuerServiceDefinition;

type AllHandlers = Handlers<typeof issuer.IssuerServiceDefinition>;

/** The issuer's service: from the wire to the use-cases and back. */
export function issuerService(ports: IssuerServicePorts): ServiceBinding {
  return implement(issuer.IssuerServiceDefinition, {
    ...catalogueHandlers(ports),
    ...licenseHandlers(ports),
    ...changeHandlers(ports),
    ...unlockHandlers(ports),
  });
}

function catalogueHandlers(
  ports: IssuerServicePorts,
): Pick<AllHandlers, "createCustomer" | "getCustomer" | "createProduct" | "getProduct"> {
  return {
    createCustomer: mutating(
      methods.createCustomer,
      customers.readCreateCustomer,
      async (mutation, command) => ({
        customer: presentCustomer(await createCustomer(ports, mutation, command)),
      }),
    ),
    getCustomer: async (request, call) => {
      const id = parseRequest((check) => customers.readGetCustomer(check, request));
      return { customer: presentCustomer(await getCustomer(ports, callerOf(call.principal), id)) };
    },
    createProduct: mutating(
      methods.createProduct,
      products.readCreateProduct,
      async (mutation, command) => ({
        product: presentProduct(await createProduct(ports, mutation, command)),
      }),
    ),
    getProduct: async (request) => {
      const id = parseRequest((check) => products.readGetProduct(check, request));
      return { product: presentProduct(await getProduct(ports, id)) };
    },
  };
}

function licenseHandlers(
  ports: IssuerServicePorts,
): Pick<AllHandlers, "issueLicense" | "getLicense" | "watchLicenses"> {
  return {
    issueLicense: mutating(
      methods.issueLicense,
      licenses.readIssueLicense,
      async (mutation, command) => ({
        license: present.presentLicense(await issueLicense(ports, mutation, command)),
      }),
    ),
    getLicense: async (request, call) => {
      const ref = parseRequest((check) => licenses.readGetLicense(check, request));
      return {
        license: present.presentLicense(await getLicense(ports, callerOf(call.principal), ref)),
      };
    },
    async *watchLicenses(request, { signal }) {
      const after = parseRequest((check) => unlock.readWatchLicenses(check, request));
      for await (const step of watchLicenses(ports, after, signal)) {
        yield present.presentFeedStep(step);
      }
    },
  };
}

function changeHandlers(
  ports: IssuerServicePorts,
): Pick<AllHandlers, "amendLicense" | "suspendLicense" | "resumeLicense" | "revokeLicense"> {
  const change = async (mutation: Mutation, command: ChangeLicense) => ({
    license: present.presentLicense(await changeExistingLicense(ports, mutation, command)),
  });
  return {
    amendLicense: mutating(methods.amendLicense, licenses.readAmendLicense, change),
    suspendLicense: mutating(
      methods.suspendLicense,
      (check, request) => licenses.readChange(check, request, { kind: "suspend" }),
      change,
    ),
    resumeLicense: mutating(
      methods.resumeLicense,
      (check, request) => licenses.readChange(check, request, { kind: "resume" }),
      change,
    ),
    revokeLicense: mutating(
      methods.revokeLicense,
      (check, request) => licenses.readChange(check, request, { kind: "revoke" }),
      change,
    ),
  };
}

function unlockHandlers(
  ports: IssuerServicePorts,
): Pick<
  AllHandlers,
  "createProductKey" | "verifyProductKey" | "issueCertificates" | "getTrustBundle"
> {
  return {
    createProductKey: mutating(
      methods.createProductKey,
      unlock.readCreateProductKey,
      async (mutation, ref) =>
        presentCreatedProductKey(await createProductKey(ports, mutation, ref)),
    ),
    verifyProductKey: async (request) => {
      const command = parseRequest((check) => unlock.readVerifyProductKey(check, request));
      const { license, product } = await verifyProductKey(ports, command);
      return { license: present.presentLicense(license), product: presentProduct(product) };
    },
    issueCertificates: async (request) => {
      const command = parseRequest((check) => unlock.readIssueCertificates(check, request));
      return present.presentCertificates(
        await issueCertificates({ ...ports, keyRing: ports.currentKeyRing() }, command),
      );
    },
    getTrustBundle: () => Promise.resolve({ trustBundle: ports.currentKeyRing().trustBundle }),
  };
}
