/** True in an installed package, which has the commands but neither the npm scripts nor the services of the repository. */
export const INSTALLED = import.meta.url.includes('/node_modules/');
