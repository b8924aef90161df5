import type { ListQuery, Page } from "@leasehold/list-query";
import type { EditionField } from "../domain/catalogue-lists.ts";
import type { Edition, EditionAction, EditionRef } from "../domain/edition.ts";
import type { Mutation } from "./mutation.ts";

/** How a revision of an edition came about, for its history. */
export interface EditionOrigin extends Pick<Mutation, "subject" | "why"> {
  readonly action: EditionAction;
}

/** What is read of editions. */
export interface EditionReads {
  findEdition(ref: EditionRef): Promise<Edition | undefined>;
  listEditions(productId: string, query: ListQuery<EditionField>): Promise<Page<Edition>>;
}

/** What a mutation may do to editions. Who also holds the product does that first. */
export interface EditionWrites extends EditionReads {
  /** The edition as it is, not to be changed by others until the transaction ends; others may hold it too. */
  holdEdition(ref: EditionRef): Promise<Edition | undefined>;
  /** The edition as it is, not to be changed or held by others until the transaction ends. */
  lockEdition(ref: EditionRef): Promise<Edition | undefined>;
  /**
   * Writes an edition's first revision, with its history.
   * @returns whether it was inserted; not if its id is taken
   */
  insertEdition(edition: Edition, origin: EditionOrigin): Promise<boolean>;
  /** Writes the next revision of a locked edition, likewise. */
  updateEdition(edition: Edition, origin: EditionOrigin): Promise<void>;
}
