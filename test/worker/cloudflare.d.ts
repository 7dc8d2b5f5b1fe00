// Owns the shapes of the test runtime that the Worker's tests use; its own types want the whole of Cloudflare's.
declare module 'cloudflare:test' {
  export const SELF: { fetch(url: string, init?: RequestInit): Promise<Response> };
  export const env: Readonly<Record<string, string>>;
  interface TestContext {
    waitUntil(work: Promise<unknown>): void;
  }
  export function createExecutionContext(): TestContext;
  export function waitOnExecutionContext(context: TestContext): Promise<void>;
  export function createScheduledController(options?: { cron?: string; scheduledTime?: Date }): object;
}
