/**
 * How much better a step must explain the readings than a straight line: twice the gain in log-likelihood, beyond
 * Schwarz's penalty for two more parameters (where the step is and how high). Kass & Raftery (1995) call ten "very
 * strong" for independent readings. Autocorrelated noise makes plateaus of its own: with ten, they hid a slow leak in
 * one simulated series of ten.
 */
export const STEP_EVIDENCE = 30;
