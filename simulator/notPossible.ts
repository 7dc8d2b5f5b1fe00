// Owns the refusal of something the chat client would not let a person do.

/** `message` is a sentence for the person. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
}
