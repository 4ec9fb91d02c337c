/** The patterns of the gallery, by the name of their file. Apart from the code, so that a command need not load it. */
export const specimenNames = ['unbounded-map', 'listeners', 'timers', 'audit-log'] as const;
export type SpecimenName = (typeof specimenNames)[number];
