// Owns the small checks card tables are made of: a check looks at one value and refuses it with a place and a reason.
// Knows no component.
import type { CardFault } from './cardFault.ts';

/** What one validation collects on its way through a card. */
export interface Walk {
  readonly profile: 'strict' | 'compat';
  readonly specs: Readonly<Record<string, ElementSpec>>;
  /** null: nobody is looked up. */
  readonly knows: ((id: string) => boolean) | null;
  readonly atAll: boolean;
  readonly names: Set<string>;
  readonly elementIds: Set<string>;
  /** Colour names of config.style.color. */
  readonly colors: Set<string>;
  tables: number;
}

/** Where the walk stands. */
export interface Spot {
  readonly walk: Walk;
  readonly path: readonly string[];
  /** Tags of the containers around, outermost first. */
  readonly inside: readonly string[];
  readonly form: { submits: number } | null;
}

export type Check = (value: unknown, spot: Spot) => void;
export type Fields = Readonly<Record<string, unknown>>;

export interface Shape {
  readonly need?: readonly string[];
  readonly props: Readonly<Record<string, Check>>;
  /** Accepted without a look in the compat profile, refused in the strict one. */
  readonly legacy?: readonly string[];
}

export interface ElementSpec extends Shape {
  readonly kind: 'container' | 'display' | 'input';
  /** Containers it may stand in directly ('root' = the body); absent = any. */
  readonly where?: readonly string[];
  /** Rules that involve several properties or the surroundings. Runs after the properties. */
  readonly also?: (fields: Fields, spot: Spot) => void;
}

export class CardRefused extends Error {
  override readonly name = 'CardRefused';
  readonly fault: CardFault;
  constructor(fault: CardFault) {
    super(fault.ext);
    this.fault = fault;
  }
}

const PARSE = 'parse card json err, please check whether the card json is correct';

/** Refuses as unparsable (200621): unknown property, wrong type, wrong place. */
export function refuse(spot: Spot, message: string): never {
  const path = `[${spot.path.join(', ')}]`;
  const ext = `ErrCode: 200621; ErrMsg: ${PARSE}; ErrorValue: ${message}, path: ${path}`;
  throw new CardRefused({ code: 230099, sub: 200621, path, message, ext });
}

export interface Refusal {
  readonly sub: number;
  readonly message: string;
  readonly value?: string;
}

/** Refuses with a sub-code of its own. */
export function refuseAs(spot: Spot, r: Refusal): never {
  const path = ['ROOT', ...spot.path].join(' -> ');
  const value = r.value === undefined ? '' : `; ErrorValue: ${r.value}`;
  const where = r.sub === 100290 || r.sub === 11310 ? '' : ` ErrPath: ${path};`;
  const ext = `ErrCode: ${r.sub};${where} ErrMsg: ${r.message}${value}`;
  throw new CardRefused({ code: 230099, sub: r.sub, path, message: r.message, ext });
}

export const down = (spot: Spot, step: string): Spot => ({ ...spot, path: [...spot.path, step] });

export function isFields(v: unknown): v is Fields {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}

export const anything: Check = () => undefined;

export const string: Check = (v, at) => {
  if (typeof v !== 'string') refuse(at, `string expected, got ${typeof v}`);
};

export const bool: Check = (v, at) => {
  if (typeof v !== 'boolean') refuse(at, `bool expected, got ${typeof v}`);
};

export const int =
  (min: number, max: number): Check =>
  (v, at) => {
    if (!Number.isInteger(v) || Number(v) < min || Number(v) > max) refuse(at, `integer ${min}..${max} expected`);
  };

export const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (v, at) => {
    if (!allowed.includes(v)) refuse(at, `${JSON.stringify(v)} is not one of ${allowed.join(', ')}`);
  };

export const matching =
  (pattern: RegExp, what: string): Check =>
  (v, at) => {
    if (typeof v !== 'string' || !pattern.test(v)) refuse(at, `${what} expected, got ${JSON.stringify(v)}`);
  };

/** The first check that passes decides. */
export const either =
  (...checks: readonly Check[]): Check =>
  (v, at) => {
    let last: unknown = null;
    for (const check of checks) {
      try {
        return check(v, at);
      } catch (e) {
        last = e;
      }
    }
    throw last;
  };

export const text =
  (max: number): Check =>
  (v, at) => {
    string(v, at);
    if ([...String(v)].length > max) refuse(at, `at most ${max} characters`);
  };

/** '12px' within bounds; '0' may stand without its unit. */
export const px =
  (min: number, max: number): Check =>
  (v, at) => {
    if (!isPx(v, min, max)) refuse(at, `${min}px..${max}px expected, got ${JSON.stringify(v)}`);
  };

function isPx(v: unknown, min: number, max: number): boolean {
  if (v === '0') return min <= 0;
  const n = typeof v === 'string' && /^-?\d+px$/.test(v) ? Number.parseInt(v, 10) : Number.NaN;
  return n >= min && n <= max;
}

const sides =
  (min: number, max: number): Check =>
  (v, at) => {
    const parts = typeof v === 'string' ? v.split(' ') : [];
    const good = [1, 2, 4].includes(parts.length) && parts.every((p) => isPx(p, min, max));
    if (!good) refuse(at, `1, 2 or 4 sides of ${min}px..${max}px expected, got ${JSON.stringify(v)}`);
  };

export const margin = sides(-99, 99);
export const padding = sides(0, 99);
const size = either(px(0, 99), oneOf('small', 'medium', 'large', 'extra_large'));
export const spacing: Check = (v, at) => {
  if (at.walk.profile === 'compat' && (v === '' || v === 'default')) return;
  size(v, at);
};
export const hAlign = oneOf('left', 'center', 'right');
export const vAlign = oneOf('top', 'center', 'bottom');
export const direction = oneOf('vertical', 'horizontal');
export const width = either(oneOf('default', 'fill'), px(100, 9999));
export const cornerRadius = matching(/^(\d+px|\d+%|0)$/, 'Npx or N%');

const BASES = 'blue carmine green indigo lime orange purple red sunflower turquoise violet wathet yellow grey neutral';
const base = BASES.replaceAll(' ', '|');
const NAMED = new RegExp(`^(default|white|bg-white|(${base})(-(50|100|200|300|350|400|500|600|700|800|900))?)$`);
export const RGBA = /^rgba\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*(\d+|\d*\.\d+)\s*\)$/;
export const color: Check = (v, at) => {
  const known = typeof v === 'string' && (NAMED.test(v) || RGBA.test(v) || at.walk.colors.has(v));
  if (!known) refuse(at, `${JSON.stringify(v)} is not a color`);
};

export const elementId: Check = (v, at) => {
  matching(/^[A-Za-z][A-Za-z0-9_]{0,19}$/, 'element_id of a letter and up to 19 letters, digits, _')(v, at);
  const id = String(v);
  if (at.walk.elementIds.has(id))
    refuseAs(at, { sub: 300301, message: 'Duplicate element_id in card component.', value: id });
  at.walk.elementIds.add(id);
};

/** `name`: unique in the whole card. */
export const name: Check = (v, at) => {
  if (typeof v !== 'string' || v === '') refuseAs(at, { sub: 200530, message: 'the name of the component is empty' });
  if (at.walk.names.has(v)) refuse(at, `duplicate name: ${v}`);
  at.walk.names.add(v);
};

/** A person shown or mentioned must exist. */
export const personId: Check = (v, at) => {
  string(v, at);
  if (at.walk.knows === null || at.walk.knows(String(v))) return;
  const message = 'There is an invalid user resource(at/person) in your card';
  refuseAs(at, { sub: 100290, message, value: String(v) });
};

export const list =
  (check: Check, o: { min?: number; max?: number } = {}): Check =>
  (v, at) => {
    if (!Array.isArray(v)) refuse(at, `array expected, got ${typeof v}`);
    if (v.length < (o.min ?? 0)) refuse(at, `at least ${o.min} expected`);
    if (v.length > (o.max ?? Number.POSITIVE_INFINITY)) refuse(at, `at most ${o.max} expected`);
    for (const [i, item] of v.entries()) check(item, down(at, `[${i}]`));
  };

/** Exactly the known properties, each checked. */
export const object =
  (shape: Shape): Check =>
  (v, at) => {
    if (!isFields(v)) refuse(at, `object expected, got ${Array.isArray(v) ? 'array' : typeof v}`);
    for (const [key, value] of Object.entries(v)) {
      const check = Object.hasOwn(shape.props, key) ? shape.props[key] : undefined;
      if (check !== undefined) check(value, down(at, key));
      else if (at.walk.profile === 'strict' || !shape.legacy?.includes(key)) refuse(at, `unknown property: ${key}`);
    }
    const missing = shape.need?.find((key) => v[key] === undefined);
    if (missing !== undefined) refuse(at, `missing property: ${missing}`);
  };
