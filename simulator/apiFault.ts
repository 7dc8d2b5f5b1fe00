// Owns the platform's error codes, their documented sentences and HTTP statuses. Data and one class.

const sentences: Readonly<Record<number, string>> = {
  9499: 'Bad Request',
  10002: 'Your request contains an invalid request parameter',
  10003: 'invalid param',
  10014: 'app unauthorized',
  10015: 'app secret invalid',
  11310: 'card action is lock',
  40001: 'invalid parameter',
  41012: 'user id invalid error',
  41050: 'no user authority error',
  200000: 'The message is recalled.',
  300020: 'token is invalid',
  300030: 'token is expired',
  300040: 'token has been used more than twice',
  99991400: 'request trigger frequency limit',
  99991661: 'Missing access token for authorization. Please make a request with token attached.',
  99991663: 'Invalid access token for authorization. Please make a request with token attached.',
  99991668: 'Invalid access token for authorization. Please make a request with token attached.',
  99991671: 'Invalid access token for authorization. The token should start with "t-" or "u-".',
  99991672: 'Access denied. The app has not been granted the required scope.',
  99992354: 'message_id is invalid',
  99992402: 'field validation failed',
  230001: 'Your request contains an invalid request parameter.',
  230002: 'The bot can not be outside the group.',
  230006: 'Bot ability is not activated.',
  230011: 'The message is recalled.',
  230013: 'Bot has NO availability to this user.',
  230017: 'Bot is NOT the owner of the resource.',
  230019: 'The topic does NOT exist.',
  230020: 'This operation triggers the frequency limit.',
  230025: 'The length of the message content reaches its limit.',
  230026: 'No permission to recall this message.',
  230027: 'Lack of necessary permissions.',
  230028: 'The messages do NOT pass the audit.',
  230029: 'User has resigned.',
  230031: 'Message can only be modified within 14 days after sending.',
  230034: 'The receive_id is invalid.',
  230035: 'Send Message Permission deny.',
  230049: 'The message is being sent.',
  230053: 'The user has stopped the bot from sending messages.',
  230054: 'This operation is not supported for this message type.',
  230055: 'The type of file upload does not match the type of message being sent.',
  230071: 'The operator is not the sender of the message.',
  230072: 'The message has reached the number of times it can be edited.',
  230099: 'Failed to create card content.',
  230110: 'Action unavailable as the message has been deleted.',
  231001: 'The reaction type is invalid.',
  231003: 'The message is not found or has been deleted.',
  234001: 'Invalid request param.',
  234003: 'File not in message.',
  234004: 'App not in chat.',
  234006: 'The file size exceed the max value.',
  234008: 'The app is not the resource sender.',
  234010: "File's size can't be 0.",
  234011: "Can't regonnize the image format.",
  234037: 'Downloaded file size exceeds limit.',
  234039: 'Image resolution exceeds limit.',
  234043: 'Unsupported message type.',
  232001: 'Your request contains an invalid request parameter.',
  232006: 'Your request specifies a chat_id which is invalid.',
  232009: 'Your request specifies a chat which has already been dissolved.',
  232011: 'Operator can NOT be out of the chat.',
};

const statuses: Readonly<Record<number, number>> = { 99991400: 429, 10003: 200, 10014: 200, 10015: 200 };

export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  readonly code: number;
  readonly status: number;
  /** Extra fields of `error`, e.g. field_violations. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: number,
    more: { msg?: string; extra?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(more.msg ?? sentences[code] ?? 'internal error');
    this.code = code;
    this.status = statuses[code] ?? 400;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }
}

/** A field of the request is missing or malformed. */
export function badField(field: string, description: string): ApiFault {
  return new ApiFault(99992402, { extra: { field_violations: [{ field, description }] } });
}
