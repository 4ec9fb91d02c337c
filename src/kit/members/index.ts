/** What a service is made of: the processes that answer on a port, or that one process has below it. */
export { type FoundService, type Place, serviceOf, serviceOn } from './discover.js';
export { type Member, memberName, type RoleCode } from './family.js';
export { type InspectorState, type NodeProcess, nodeProcesses } from './node-processes.js';
export { scriptName } from './script.js';
