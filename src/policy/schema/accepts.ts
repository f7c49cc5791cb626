import { z } from 'zod';

const ACCEPTS = z.registry<{ readonly accepts: string }>();

/** Notes beside a schema what it accepts, in words: the hint of every notice about its key. */
export function accepting<Schema extends z.ZodType>(schema: Schema, accepts: string): Schema {
  ACCEPTS.add(schema, { accepts });
  return schema;
}

/** What the schema accepts, in words. */
export function acceptedBy(schema: z.ZodType): string {
  const bare = unwrap(schema);
  const noted = ACCEPTS.get(bare)?.accepts;
  if (noted !== undefined) return noted;
  if (bare instanceof z.ZodObject) return `a table with keys ${Object.keys(bare.shape).join(', ')}`;
  return bare instanceof z.ZodArray ? 'a list with at least one entry' : 'a table by name';
}

/** The schema without what says that it may be absent. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let bare = schema;
  while (bare instanceof z.ZodOptional || bare instanceof z.ZodPrefault) bare = bare.unwrap() as z.ZodType;
  return bare;
}
