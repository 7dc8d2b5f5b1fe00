// Owns a look at an SQL text without running it: how many statements, how many parameters. Embedded libSQL runs only the
// first statement of a text and binds NULL for a missing argument, both silently; a server refuses. We refuse everywhere.

export interface SqlShape {
  readonly statements: number;
  readonly parameters: number;
}

const TOKENS =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\?\d*|[:@$][A-Za-z_]\w*|;|[^\s]/g;
const TRIGGER = /^\s*create\s+(?:temp\s+|temporary\s+)?trigger\b/i;

/** A trigger's body holds semicolons of its own; its text counts as one statement. */
export function sqlShape(sql: string): SqlShape {
  const trigger = TRIGGER.test(sql);
  const names = new Set<string>();
  let statements = 0;
  let parameters = 0;
  let inside = false;
  for (const [token] of sql.matchAll(TOKENS)) {
    if (token.startsWith('--') || token.startsWith('/*')) continue;
    if (token === ';') {
      if (!trigger) inside = false;
      continue;
    }
    if (!inside) statements++;
    inside = true;
    if (token === '?') parameters++;
    else if (/^\?\d/.test(token)) parameters = Math.max(parameters, Number(token.slice(1)));
    else if (/^[:@$]\w/.test(token) && !names.has(token)) {
      names.add(token);
      parameters++;
    }
  }
  return { statements, parameters };
}
