import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { InventoryFile } from './schema.ts';

/** The JSON Schema of inventory.yml for editors, as `inventory.schema.json` holds it. */
export const inventorySchema = (): string => {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Plumbline inventory',
    description: 'The devices of one site: docs/inventory.md explains each key',
    ...InventoryFile,
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
};

// `npm run schema`
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile('inventory.schema.json', inventorySchema());
}
