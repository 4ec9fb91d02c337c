/** The system on which memory outside V8 is read: asked here alone, so that a test can be on another. */
export const system = (): NodeJS.Platform => process.platform;
