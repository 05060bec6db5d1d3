// What the API gives, by the schemas that its OpenAPI document is made of.

export type { Permission } from '../../api/auth/roles.ts';
export type { DeviceView as Device, JobSummary } from '../../api/http/schemas.ts';
export type { Job, Outcome } from '../../core/bus.ts';
