/**
 * A step is believed when it explains the readings far better than a straight line: the difference in Schwarz's
 * criterion (two more parameters: where, how high) is above ten, "very strong" on the scale of Kass & Raftery (1995).
 */
export const VERY_STRONG = 10;
