/** A setting of the issuer that has to belong to its database, by its name in code. */
export type SecretSetting =
  | "deployment"
  | "keyEncryptionKey"
  | "leasePublicKeys"
  | "pepper"
  | "rootSuccessions"
  | "trustRootKey";

/** What the issuer was started with does not belong to its database; it does not work on it then. */
export class ForeignSecret extends Error {
  override readonly name = "ForeignSecret";
  readonly setting: SecretSetting;

  /** @param why for whoever starts the issuer */
  constructor(setting: SecretSetting, why: string) {
    super(why);
    this.setting = setting;
  }
}
