import { Command } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { didYouMean } from '../../engines/nearest.ts';
import type { Context } from '../context.ts';
import { asData } from '../output/output.ts';

/** `plumb schema`: the shapes of what verbs print for programs. */
export const schemaVerb = (context: Context): Command =>
  new Command('schema')
    .description('Print the JSON Schema of what a verb prints with -o json; without a verb, those of all.')
    .argument('[verb...]', 'with the options that change its shape, after --: bgp --detail')
    .addHelpText('after', '\nExample:\n  $ plumb schema status\n  $ plumb schema -- bgp --detail')
    .action(async (words: string[]) => {
      const { shapes } = await import('../shapes/shapes.ts');
      const $schema = 'https://json-schema.org/draft/2020-12/schema';
      if (words.length === 0) return context.out(asData('json', { $schema, $defs: shapes }));
      const verb = words.join(' ');
      const shape = Object.hasOwn(shapes, verb) ? shapes[verb] : undefined;
      if (!shape) {
        const known = Object.keys(shapes);
        throw new PlumbError(
          'invalid_request',
          `${verb}: no such verb, or none with -o json${didYouMean(verb, known)}`,
          {
            hint: known.join(', '),
          },
        );
      }
      context.out(asData('json', { $schema, ...shape }));
    });
