export { type AuditEntry, type AuditHead, auditHash, CHAIN_START, follows } from "./audit-entry.ts";
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
export { isBootstrapToken, newBootstrapToken } from "./bootstrap-token.ts";
export { challengeProofId } from "./challenge-proof-id.ts";
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
export { licenseFileIssuedAt } from "./license-file-issue.ts";
export { licenseFilePreview } from "./license-file-preview.ts";
export type { MachineEvidenceClaim } from "./machine-evidence-claim.ts";
export {
  MAX_OFFLINE_REQUEST_AGE,
  OFFLINE_CLOCK_LEEWAY,
  type OfflinePurpose,
  type OfflineRequestClaims,
  readOfflineRequestUnverified,
  type SignedOfflineRequest,
  signOfflineRequest,
  verifyOfflineRequest,
} from "./offline-request.ts";
export {
  formatRequestFile,
  MAX_REQUEST_FILE_BYTES,
  parseRequestFile,
  requestFilePreview,
} from "./offline-request-file.ts";
export {
  formatResponseFile,
  type OfflineResponse,
  parseResponseFile,
  responseFilePreview,
  verifyResponseFile,
} from "./offline-response.ts";
export {
  newProductKey,
  parseProductKey,
  type ProductKey,
  type TypedProductKey,
} from "./product-key.ts";
export { type ProofClaims, signProof, verifyProof } from "./proof.ts";
export {
  formatRevocationFile,
  parseRevocationFile,
  type RevocationFileClaims,
  revocationFilePreview,
  verifyRevocationFile,
} from "./revocation-file.ts";
export {
  isRevoked,
  MAX_REVOKED,
  type RevocationList,
  type RevokedInstallation,
  signRevocationList,
  verifyRevocationList,
} from "./revocation-list.ts";
export { sealPublicKeyOf } from "./seal-key.ts";
export {
  openSealedUnlock,
  type SealFault,
  sealUnlock,
  type UnlockSecret,
} from "./sealed-unlock.ts";
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
  MAX_SUCCESSIONS,
  readRootSuccession,
  type RootSuccession,
  signRootSuccession,
} from "./root-succession.ts";
export {
  signTrustBundle,
  type TrustBundle,
  type TrustedKey,
  verifyTrustBundle,
} from "./trust-bundle.ts";
export type { TextBlockFault } from "./text-block.ts";
export type { TokenFault, Verified } from "./verified.ts";
export {
  type LicenseFileClaims,
  type LicenseFileExpectation,
  verifyLicenseFile,
} from "./verify-license-file.ts";
export {
  compareToServer,
  covers,
  hasVersions,
  isVersion,
  readVersion,
  type VersionRange,
  type VersionTolerance,
} from "./version-range.ts";
export { formatVendorFile, parseVendorFile, type Vendor } from "./vendor-file.ts";
