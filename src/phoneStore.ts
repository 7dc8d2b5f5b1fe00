// Owns the door to people of whom only a mobile number is known. No SQL; db/storePhone.ts implements it on every engine.

/** The number stays sealed until the platform is asked for it. */
export interface Unidentified {
  readonly id: string;
  readonly phoneSealed: string;
}

export interface PhoneStore {
  /** People with an active role and a whole number but without open_id, not asked for since `before` (ms); oldest ask first. */
  unidentified(before: number, limit: number): Promise<Unidentified[]>;
  /** They are asked for now. False: somebody else asked for one of them since `before`, nothing was written. */
  askFor(p: { ids: readonly string[]; before: number; at: number }): Promise<boolean>;
  /** The platform did not answer for those asked for at `at`: they may be asked for again. */
  notAnswered(p: { ids: readonly string[]; at: number }): Promise<void>;
  /** False: the person has an open_id, somebody else has this one, or an import is being applied; nothing was written. */
  identify(p: { personId: string; openId: string; at: number }): Promise<boolean>;
}
