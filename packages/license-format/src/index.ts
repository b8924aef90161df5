export {
  type AuditCheckpointClaims,
  signAuditCheckpoint,
  verifyAuditCheckpoint,
} from "./audit-checkpoint.ts";
export {
  type BorrowClaims,
  type BorrowExpectation,
  signBorrow,
  verifyBorrow,
} from "./borrowed-seat.ts";
export type { CertificateExpectation } from "./certificate.ts";
export {
  type FingerprintClaim,
  type InstallationClaims,
  signInstallation,
  verifyInstallation,
} from "./installation-certificate.ts";
export { type Licensee, sameLicensee } from "./licensee.ts";
export { jsonWebKeySet } from "./json-web-key-set.ts";
export { KEY_GENERATIONS, type KeyGeneration } from "./key-generation.ts";
export {
  type FeatureClaim,
  type LicenseClaims,
  type LicenseTermsClaims,
  signLicense,
  verifyLicense,
} from "./license-certificate.ts";
export {
  formatLicenseFile,
  type LicenseFileFault,
  type LicenseFileTokens,
  MAX_LICENSE_FILE_BYTES,
  type ParsedLicenseFile,
  parseLicenseFile,
} from "./license-file.ts";
export { licenseFilePreview } from "./license-file-preview.ts";
export {
  newProductKey,
  parseProductKey,
  type ProductKey,
  type TypedProductKey,
} from "./product-key.ts";
export { type ProofClaims, signProof, verifyProof } from "./proof.ts";
export {
  isRevoked,
  MAX_REVOKED,
  type RevocationList,
  type RevokedInstallation,
  signRevocationList,
  verifyRevocationList,
} from "./revocation-list.ts";
export { seal, type SealContext, unseal } from "./sealing.ts";
export type { Signer } from "./signer.ts";
export {
  generateKeyPair,
  type KeyPair,
  publicKeyOf,
  type SigningKey,
  signingKey,
  signingKeyOf,
  type SigningPurpose,
  thumbprint,
} from "./signing-key.ts";
export {
  signTrustBundle,
  type TrustBundle,
  type TrustedKey,
  verifyTrustBundle,
} from "./trust-bundle.ts";
export type { TokenFault, Verified } from "./verified.ts";
export {
  type LicenseFileClaims,
  type LicenseFileExpectation,
  verifyLicenseFile,
} from "./verify-license-file.ts";
