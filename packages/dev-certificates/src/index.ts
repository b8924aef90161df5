export {
  type Certificate,
  type CertificateAuthority,
  type CertificateOptions,
  createCertificateAuthority,
} from "./certificate-authority.ts";
