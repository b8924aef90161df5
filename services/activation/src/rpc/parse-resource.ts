import type { activation } from "@leasehold/contracts";
import { type ListReading, type PageTokens, readList } from "@leasehold/list-query";
import { type Check, parseRequest } from "@leasehold/service-kit";
import {
  customerOfLicense,
  DEFAULT_KIND,
  type ResourceFacts,
  type ResourceRef,
  resourceOfName,
} from "../domain/resource.ts";
import { type ResourceField, RESOURCES_LIST } from "../domain/resource-list.ts";
import type { BindCommand } from "../use-cases/bind-resource.ts";

const TEXT = { min: 1, max: 200 } as const;
const KIND = /^[a-z][a-z0-9-]{0,63}$/;
const MOST_IMPORTED = 1_000;
const LICENSE_PATTERN = "customers/{customer}/licenses/{license}";

/** A resource by its name, wherever a request carries one. */
export function readResourceName(check: Check, field: string, name: string): ResourceRef {
  const ref = resourceOfName(name);
  if (ref === undefined)
    check.violation(field, "must be customers/{customer}/resources/{resource}");
  return ref as ResourceRef; // never seen if it is none: the request is then refused as a whole
}

/** The resource to register. */
export function readRegister(
  check: Check,
  { parent, resource }: activation.RegisterResourceRequest,
): { readonly customer: string; readonly facts: ResourceFacts } {
  return {
    customer: readCustomer(check, parent),
    facts: check.message("resource", resource, (told) => readFacts(check, told, "resource")),
  };
}

/** The resources to import. */
export function readImport(
  check: Check,
  { parent, resources }: activation.ImportResourcesRequest,
): { readonly customer: string; readonly resources: readonly ResourceFacts[] } {
  const bounds = {
    min: 1,
    max: MOST_IMPORTED,
    unique: ({ externalId }: activation.Resource) => externalId.normalize("NFC"),
  };
  return {
    customer: readCustomer(check, parent),
    resources: check.list("resources", resources, bounds, (told, field) =>
      readFacts(check, told, field),
    ),
  };
}

/** The resource to rename, and its new name. */
export function readRename(
  check: Check,
  { name, displayName }: activation.RenameResourceRequest,
): { readonly resource: ResourceRef; readonly displayName: string } {
  return {
    resource: readResourceName(check, "name", name),
    displayName: check.text("display_name", displayName, TEXT),
  };
}

/** What to bind, or to move, to which license: one of the same customer. */
export function readBinding(
  check: Check,
  { name, license }: activation.BindResourceRequest | activation.MoveResourceRequest,
): BindCommand {
  const resource = readResourceName(check, "name", name);
  check.name("license", license, LICENSE_PATTERN);
  const customer = customerOfLicense(license);
  if (resource && customer !== undefined && customer !== resource.customer)
    check.violation("license", "must be a license of the resource's customer");
  return { resource, license };
}

/** The resource to unbind, or to remove. */
export function readTarget(
  check: Check,
  { name }: activation.UnbindResourceRequest | activation.RemoveResourceRequest,
): { readonly resource: ResourceRef } {
  return { resource: readResourceName(check, "name", name) };
}

/**
 * Reads which resource is asked for.
 * @throws Problem INVALID_REQUEST
 */
export function parseGetResource({ name }: activation.GetResourceRequest): ResourceRef {
  return parseRequest((check) => readResourceName(check, "name", name));
}

/**
 * Reads which resources are asked for.
 * @param licensedOnly whether the caller gets to see no others anyway
 * @throws Problem INVALID_REQUEST
 */
export function parseListResources(
  request: activation.ListResourcesRequest,
  tokens: PageTokens,
  licensedOnly: boolean,
): ListReading<ResourceField> & { readonly customer: string; readonly licensedOnly: boolean } {
  const licensed = licensedOnly || request.licensedOnly;
  return parseRequest((check) => {
    const customer = readCustomer(check, request.parent);
    // A page of the one list is none of the other.
    const method = licensed ? "ListResources/licensed" : "ListResources";
    const reading = readList(check, RESOURCES_LIST, request, { tokens, method, parent: customer });
    return { ...reading, customer, licensedOnly: licensed };
  });
}

function readCustomer(check: Check, parent: string): string {
  check.name("parent", parent, "customers/{customer}");
  return parent;
}

function readFacts(check: Check, told: activation.Resource, field: string): ResourceFacts {
  const { externalId, displayName, kind } = told;
  const rule = "must be a lower-case letter and up to 63 of a-z 0-9 -";
  return {
    externalId: check.text(`${field}.external_id`, externalId, TEXT),
    displayName: check.text(`${field}.display_name`, displayName, TEXT),
    kind: check.matching(`${field}.kind`, kind || DEFAULT_KIND, KIND, rule),
  };
}
