/** 64 bytes a second are 5 MB in a day, less than a healthy service gains and gives back. */
export const FINEST_PER_SECOND_BYTES = 64;
