// Loaded before each test file. Files share the modules of their worker, and what one made known as a secret would be
// masked in the next one too, wherever the same word stands.
import { forgetSecrets } from '../core/redact/redact-registered.ts';

forgetSecrets();
