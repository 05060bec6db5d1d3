import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { TemplateFailure } from '../../engines/jinja/failure.ts';
import { readFrom, Templates } from '../../engines/jinja/templates.ts';
import { PlumbError } from '../errors.ts';
import type { Device, Inventory } from '../inventory/schema.ts';

/** The intended configuration of a device, or why there is none. */
export type Rendered = { device: string; text: string } | { device: string; problem: PlumbError };

/** Renders devices from the templates of one folder, each template parsed once. */
export type Renderer = {
  /** @throws PlumbError `template_failed` naming device, template, line and variable */
  render(device: Device): string;
};

/** What a template may know of a device. Never its credentials. */
const shown = ({ name, host, platform, role, groups }: Device) => ({
  name,
  host,
  platform,
  role: role ?? null,
  groups,
});

/** Opens the templates of a folder for one inventory. */
export const openRenderer = (inventory: Inventory, templatesDir: string): Renderer => {
  const folder = basename(templatesDir);
  const fail = (device: string, why: string, options: ConstructorParameters<typeof PlumbError>[2] = {}): never => {
    throw new PlumbError('template_failed', `${device}: ${why}`, options);
  };
  const hint = 'docs/templates.md lists the variables, filters and tests there are';
  const templates = existsSync(templatesDir) ? new Templates(readFrom(templatesDir)) : undefined;
  const devices = Object.fromEntries(
    [...inventory.devices.values()].map((device) => [device.name, { ...shown(device), vars: device.vars }]),
  );
  const render = (device: Device): string => {
    if (!templates) return fail(device.name, `there is no folder ${folder}/`, { hint: 'name it with --templates' });
    if (!device.role) {
      return fail(device.name, 'it has no role, so no template', {
        hint: 'set `role:` of the device or of a group of its',
      });
    }
    const values = { ...device.vars, device: shown(device), devices, site: inventory.site };
    try {
      const text = templates.render(`${device.role}/main.j2`, values);
      return `${text.replace(/(?<!\n)\n+$/, '')}\n`;
    } catch (cause) {
      if (!(cause instanceof TemplateFailure)) throw cause;
      const place = `${folder}/${cause.template}${cause.line === undefined ? '' : `:${cause.line}`}`;
      return fail(device.name, `${place}: ${cause.message}`, {
        cause,
        hint,
        ...(cause.line === undefined ? {} : { line: cause.line }),
      });
    }
  };
  return { render };
};

/**
 * Renders the whole intended configuration of one device from `<templatesDir>/<role>/main.j2`.
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
      if (!(error instanceof PlumbError)) throw error;
      return { device: device.name, problem: error };
    }
  });
};
