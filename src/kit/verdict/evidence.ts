/**
 * A step is believed when it explains the readings far better than a straight line, by Schwarz's criterion (two more
 * parameters: where, how high). On the scale of Kass & Raftery (1995) ten is "very strong", for independent readings;
 * noise that carries over makes plateaus of its own, and at ten they hid slow leaks in one simulated series of ten.
 */
export const VERY_STRONG = 30;
