/** Who has installed the package has the commands, and none of the scripts and services of the repository. */
export const INSTALLED = import.meta.url.includes('/node_modules/');
