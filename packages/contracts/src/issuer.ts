export {
  Customer,
} from "./gen/leasehold/issuer/v1/customer.ts";
export {
  AmendLicenseRequest,
  AmendLicenseResponse,
  CreateCustomerRequest,
  CreateCustomerResponse,
  CreateProductKeyRequest,
  CreateProductKeyResponse,
  CreateProductRequest,
  CreateProductResponse,
  GetCustomerRequest,
  GetCustomerResponse,
  GetLicenseRequest,
  GetLicenseResponse,
  GetProductRequest,
  GetProductResponse,
  GetTrustBundleRequest,
  GetTrustBundleResponse,
  IssueCertificatesRequest,
  IssueCertificatesResponse,
  IssueLicenseRequest,
  IssueLicenseResponse,
  IssuerServiceDefinition,
  ResumeLicenseRequest,
  ResumeLicenseResponse,
  RevokeLicenseRequest,
  RevokeLicenseResponse,
  SuspendLicenseRequest,
  SuspendLicenseResponse,
  VerifyProductKeyRequest,
  VerifyProductKeyResponse,
  WatchLicensesRequest,
  WatchLicensesResponse,
} from "./gen/leasehold/issuer/v1/issuer_service.ts";
export {
  License,
  Licensee,
} from "./gen/leasehold/issuer/v1/license.ts";
export {
  Feature,
  Product,
} from "./gen/leasehold/issuer/v1/product.ts";
export {
  ProductKey,
} from "./gen/leasehold/issuer/v1/product_key.ts";
