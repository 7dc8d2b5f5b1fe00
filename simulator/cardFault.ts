// Owns how a refused card is described. Data only.

export interface CardFault {
  /** 230099 (content), 230025 (size). */
  readonly code: 230099 | 230025;
  /** The ErrCode inside ext: 200621, 200861, 11310, 100290, 200550, 200830 … */
  readonly sub: number;
  /** Where, e.g. 'ROOT -> body -> elements -> [0](tag: form)'. */
  readonly path: string;
  /** What is wrong, in the platform's words. */
  readonly message: string;
  /** The platform's ext string, complete. */
  readonly ext: string;
}
