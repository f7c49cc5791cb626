import { z } from 'zod';
import { choice, mass, percentage, tableOf } from './fields.ts';

const budget = z.strictObject({
  monthly: mass().describe('Allowance for a calendar month, CO2eq: g, kg or t.'),
  alertAt: percentage('80%').prefault('80%').describe('Share of the allowance at which to alert, percent.'),
  enforcement: choice('advisory', 'throttle', 'block')
    .prefault('advisory')
    .describe('What happens when the allowance is spent.'),
});

export const budgetsSection = tableOf(budget)
  .prefault({})
  .describe('Emission budgets by service or tenant. Does not act yet.');
