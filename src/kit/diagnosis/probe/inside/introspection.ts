import type { ThreadInspector } from './inspector.js';
import type { Reflection, UtilTypes } from './reflect.js';

/** The three ways in which the probe reads an object without running code of the program. */
export interface Introspection {
  types: UtilTypes;
  reflection: Reflection;
  inspector: ThreadInspector;
}
