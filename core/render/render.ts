import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TemplateFailure } from '../../engines/jinja/failure.ts';
import { comeTo } from '../../engines/jinja/limits.ts';
import { Templates } from '../../engines/jinja/templates.ts';
import { NunjucksFailure } from '../../engines/nunjucks/failure.ts';
import { NunjucksTemplates } from '../../engines/nunjucks/templates.ts';
import { type ErrorDetails, isOutcome, PlumbError } from '../errors.ts';
import type { Device, Inventory } from '../inventory/schema.ts';
import { jinja, nunjucks, readFrom, readOnly } from './folder.ts';
import { withPlainValues } from './plain-values.ts';

/** The intended configuration of a device, or why there is none. */
type Rendered = { device: string; text: string } | { device: string; problem: PlumbError };

/** Renders devices from the templates of one folder, each template parsed once. */
type Renderer = {
  /** @throws PlumbError `template_failed` naming device, template, line and variable */
  render(device: Device): string;
};

/** With exactly one line end. */
const ended = (text: string): string => `${text.replace(/(?<!\n)\n+$/, '')}\n`;

/** What a template may know of a device. Never its credentials. */
const shown = ({ name, host, platform, role, groups }: Device) => ({
  name,
  host,
  platform,
  role: role ?? null,
  groups,
});

/** The template of a role: `main.j2`, or `main.njk`; with both, it would be unclear which one is meant. */
const mainOf = (templatesDir: string, role: string): { name: string } | { problem: string } => {
  const there = [jinja, nunjucks].map(({ ending }) => `${role}/main${ending}`);
  const [name = '', second] = there.filter((each) => existsSync(join(templatesDir, each)));
  if (second !== undefined) return { problem: `both ${name} and ${second} exist: which one is meant?` };
  return { name: name || (there[0] ?? '') };
};

/** Opens the templates of a folder for one inventory. */
export const openRenderer = (inventory: Inventory, templatesDir: string): Renderer => {
  const folder = basename(templatesDir);
  const fail = (device: string, why: string, options?: ErrorDetails): never => {
    throw new PlumbError('template_failed', `${device}: ${why}`, options);
  };
  const hint = 'docs/templates.md lists the variables, filters and tests there are';
  const read = existsSync(templatesDir) ? readFrom(templatesDir) : undefined;
  const templates = read && new Templates(readOnly(read, jinja));
  const ofNunjucks = read && new NunjucksTemplates(readOnly(read, nunjucks));
  const devices = Object.fromEntries(
    [...inventory.devices.values()].map((device) => [device.name, { ...shown(device), vars: device.vars }]),
  );
  let plainDevices: Record<string, unknown> | undefined;
  const render = (device: Device): string => {
    if (!templates || !ofNunjucks)
      return fail(device.name, `there is no folder ${folder}/`, { hint: 'name it with --templates' });
    if (!device.role) {
      return fail(device.name, 'it has no role, so no template', {
        hint: 'set `role:` on the device or on one of its groups',
      });
    }
    const main = mainOf(templatesDir, device.role);
    if ('problem' in main) return fail(device.name, main.problem, { hint: 'remove one of them' });
    const { name } = main;
    const own = { device: shown(device), site: inventory.site };
    try {
      if (!name.endsWith(nunjucks.ending)) return ended(templates.render(name, { ...device.vars, ...own, devices }));
      comeTo(name, 0);
      plainDevices ??= withPlainValues(devices);
      return ended(ofNunjucks.render(name, { ...withPlainValues(device.vars), ...own, devices: plainDevices }));
    } catch (cause) {
      if (!(cause instanceof TemplateFailure || cause instanceof NunjucksFailure)) throw cause;
      const place = `${folder}/${cause.template}${cause.line === undefined ? '' : `:${cause.line}`}`;
      return fail(device.name, `${place}: ${cause.message}`, {
        cause,
        hint,
        line: cause.line,
      });
    }
  };
  return { render };
};

/**
 * Renders the whole intended configuration of one device from `<templatesDir>/<role>/main.j2` or `main.njk`.
 *
 * @returns text with LF line ends and exactly one at its end
 * @throws PlumbError `template_failed` naming device, template, line and variable
 */
export const renderDevice = (inventory: Inventory, device: Device, templatesDir: string): string =>
  openRenderer(inventory, templatesDir).render(device);

/** Renders every device that has a role; one that fails does not stop the others. */
export const renderAll = (inventory: Inventory, templatesDir: string): Rendered[] => {
  const { render } = openRenderer(inventory, templatesDir);
  const withRole = [...inventory.devices.values()].filter((device) => device.role !== undefined);
  return withRole.map((device) => {
    try {
      return { device: device.name, text: render(device) };
    } catch (error) {
      if (!isOutcome(error)) throw error;
      return { device: device.name, problem: error };
    }
  });
};
