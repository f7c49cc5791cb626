import { z } from 'zod';
import { unwrap } from './accepts.ts';

export type Path = readonly PropertyKey[];

/** The schema of the value at a path; where the schema has no such place, the nearest above it. */
export function schemaAt(root: z.ZodType, path: Path): z.ZodType {
  return path.reduce<z.ZodType>((schema, key) => child(unwrap(schema), key), root);
}

function child(schema: z.ZodType, key: PropertyKey): z.ZodType {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  const shape = schema instanceof z.ZodObject ? (schema.shape as Readonly<Record<string, z.ZodType>>) : {};
  return new Map<PropertyKey, z.ZodType>(Object.entries(shape)).get(key) ?? schema;
}

/** The keys that the schema names; none for tables by name, lists and plain values. */
export function knownKeys(schema: z.ZodType): readonly string[] {
  const bare = unwrap(schema);
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
}

/** Every key of the schema as a dotted path: `*` stands for a name, `[]` for an entry of a list. */
export function keyPaths(schema: z.ZodType, prefix = ''): readonly string[] {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodArray) return keyPaths(bare.element as z.ZodType, `${prefix}[]`);
  if (bare instanceof z.ZodRecord) return keyPaths(bare.valueType as z.ZodType, `${prefix}.*`);
  if (!(bare instanceof z.ZodObject)) return [];
  return Object.entries(bare.shape as Record<string, z.ZodType>).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...keyPaths(value, path)];
  });
}
